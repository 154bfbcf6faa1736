/** First parts of paths of bitbucket.org that are no workspaces. */
const ownPaths = new Set([
  'account',
  'dashboard',
  'product',
  'site',
  'socialauth',
  'support',
  'blog',
  'workspaces',
  'repo',
])
const slugForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,61}$/
const uuidForm = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i

/** The slug of a workspace, or its UUID in braces, from either or from the address of any of its pages; null: it is none of these. */
export function parseWorkspace(given: string): string | null {
  const trimmed = given.trim()
  const named = trimmed.includes('/') ? firstPart(trimmed) : trimmed
  if (named === null) return null
  const uuid = uuidForm.exec(named)?.[1]
  if (uuid !== undefined) return `{${uuid.toLowerCase()}}`
  return slugForm.test(named) ? named : null
}

/** The identifier that is proposed for a workspace; empty where nothing can be made of it. */
export function proposeIdentifier(workspace: string): string {
  const slug = parseWorkspace(workspace)
  if (slug === null || slug.startsWith('{')) return ''
  const words = slug
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return words === '' ? '' : `bitbucket-${words}`.slice(0, 63).replace(/-+$/, '')
}

function firstPart(address: string): string | null {
  const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`)
  if (url === null || !/^(?:www\.|api\.)?bitbucket\.org$/i.test(url.hostname)) return null
  const parts = url.pathname.split('/').filter((part) => part !== '')
  // https://api.bitbucket.org/2.0/workspaces/acme
  const [first] = parts[0] === '2.0' && parts[1] !== undefined ? parts.slice(2) : parts
  if (first === undefined || ownPaths.has(first)) return null
  try {
    return decodeURIComponent(first)
  } catch {
    return null
  }
}
