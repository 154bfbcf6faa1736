/**
 * How many bytes `fields` saves: reads the lists of a full sync with and without it, and prints both. A simulator has to
 * run (`node packages/bitbucket-simulator/src/main.ts`):
 *
 *   node packages/bitbucket/bench/fields.ts [url] [workspace] [key] [secret]
 */
import type { z } from 'zod'
import { projectGroupListing, projectListing, projectUserListing } from '../src/endpoints/projects.ts'
import { repositoryGroupListing, repositoryListing, repositoryUserListing } from '../src/endpoints/repositories.ts'
import { workspacePermissionListing } from '../src/endpoints/workspaces.ts'
import type { ListingSpec } from '../src/pages.ts'

const [url = 'http://127.0.0.1:7990', workspace = 'acme', key = 'demo-consumer-key', secret = 'demo-consumer-secret'] =
  process.argv.slice(2)
const authorization = await authorize()

/** Of how many projects and repositories the permissions are read: all of it stays below a thousand requests. */
const sampleMax = 100

interface Read {
  readonly rows: number
  readonly bytes: number
}

async function authorize(): Promise<string> {
  const basic = Buffer.from(`${key}:${secret}`).toString('base64')
  const answer = await fetch(`${url}/site/oauth2/access_token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  // What another host answers here fails at the first list.
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return `Bearer ${token}`
}

/** Reads all pages, and gives every row to `each`. */
async function read<Schema extends z.ZodType>(
  { path, query = {}, pageSchema }: ListingSpec<Schema>,
  whole: boolean,
  each: (row: z.output<Schema>) => void = () => undefined,
): Promise<Read> {
  const asked = Object.entries(query).filter(([name]) => !whole || name !== 'fields')
  let next: string | undefined =
    `${url}${path}?${new URLSearchParams({ pagelen: '100', ...Object.fromEntries(asked) })}`
  let [rows, bytes] = [0, 0]
  while (next !== undefined) {
    const answer: Response = await fetch(next, { headers: { authorization } })
    const body = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${path}: ${body}`)
    const page = pageSchema.parse(JSON.parse(body))
    for (const row of page.values) each(row)
    rows += page.values.length
    bytes += Buffer.byteLength(body)
    next = page.next
  }
  return { rows, bytes }
}

async function compare<Schema extends z.ZodType>(name: string, specs: readonly ListingSpec<Schema>[]): Promise<void> {
  const total = { rows: 0, whole: 0, only: 0 }
  for (const spec of specs) {
    const only = await read(spec, false)
    total.rows += only.rows
    total.only += only.bytes
    total.whole += (await read(spec, true)).bytes
  }
  const cells = [total.rows, total.whole, total.only, (total.whole / total.only).toFixed(1)]
  print(name, cells)
}

function print(name: string, cells: readonly (string | number)[]): void {
  process.stdout.write(`${name.padEnd(32)}${cells.map((cell) => String(cell).padStart(14)).join('')}\n`)
}

const projects: string[] = []
const repositories: string[] = []
await read(projectListing(workspace), false, (row) => projects.push(row.key))
await read(repositoryListing(workspace), false, (row) => repositories.push(row.uuid))
const sample = { projects: projects.slice(0, sampleMax), repositories: repositories.slice(0, sampleMax) }
print('list', ['rows', 'bytes whole', 'bytes fields', 'ratio'])
await compare('members', [workspacePermissionListing(workspace)])
await compare('projects', [projectListing(workspace)])
await compare('repositories', [repositoryListing(workspace)])
await compare(
  'project users',
  sample.projects.map((project) => projectUserListing(workspace, project)),
)
await compare(
  'project groups',
  sample.projects.map((project) => projectGroupListing(workspace, project)),
)
await compare(
  'repository users',
  sample.repositories.map((repository) => repositoryUserListing(workspace, repository)),
)
await compare(
  'repository groups',
  sample.repositories.map((repository) => repositoryGroupListing(workspace, repository)),
)
