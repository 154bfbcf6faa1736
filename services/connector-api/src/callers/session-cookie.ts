/**
 * The cookie by which a browser is known: the credential itself, which no script of a page can read (HttpOnly), which goes with no
 * request that another site makes (SameSite), and which goes to the API alone.
 */

const name = 'clarity-session'

export interface CookieOptions {
  /** Whether browsers reach the API by https: then the cookie goes by nothing else. */
  readonly isSecure: boolean
  /** For how long it is kept; null: until the browser is closed. */
  readonly maxAgeSeconds: number | null
}

/** The value of `Set-Cookie`. */
export function toSessionCookie(credential: string, { isSecure, maxAgeSeconds }: CookieOptions): string {
  const age = maxAgeSeconds === null ? '' : `; Max-Age=${maxAgeSeconds}`
  return `${name}=${encodeURIComponent(credential)}; Path=/v1${age}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
}

/**
 * The credential in the header `Cookie`; null when it has none. It has two when a neighbouring site has set one beside ours: then
 * nobody can tell which is which, and neither counts.
 */
export function readSessionCookie(header: string | undefined): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  const [value, ...others] = pairs
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  if (value === undefined || others.length > 0) return null
  try {
    return decodeURIComponent(value) || null
  } catch {
    return null
  }
}
