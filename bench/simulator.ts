// How many requests a simulator answers, by endpoint, in a process of its own: pnpm --filter @clarity/bench simulator
import { parseArgs } from 'node:util'
import { startBitbucket } from './bitbucket.ts'
import { cpuSeconds, loadFor, memoryMiB, printTable } from './load.ts'

const sizes = {
  default: { users: 40, groups: 8, projects: 6, repositories: 60 },
  large: { users: 20_000, groups: 2_000, projects: 1_000, repositories: 50_000 },
}

const { values } = parseArgs({
  options: { size: { type: 'string', default: 'large' }, seconds: { type: 'string', default: '5' } },
})
const size = values.size === 'default' ? sizes.default : sizes.large
const seconds = Number(values.seconds)

await using bitbucket = await startBitbucket(size)
const { slugs, keys } = bitbucket
const repository = (index: number) => slugs[index % slugs.length] ?? ''
const project = (index: number) => keys[index % keys.length] ?? ''
const pages = Math.ceil(size.repositories / 100)
const paths: Readonly<Record<string, (index: number) => string>> = {
  'repository permissions, users': (index) =>
    `/2.0/repositories/acme/${repository(index)}/permissions-config/users?pagelen=100`,
  'repository permissions, groups': (index) =>
    `/2.0/repositories/acme/${repository(index)}/permissions-config/groups?pagelen=100`,
  'project permissions, users': (index) =>
    `/2.0/workspaces/acme/projects/${project(index)}/permissions-config/users?pagelen=100`,
  'repositories, 100 a page': (index) =>
    `/2.0/repositories/acme?pagelen=100&sort=created_on&page=${(index % pages) + 1}`,
  'members with roles, 100 a page': (index) =>
    `/2.0/workspaces/acme/permissions?pagelen=100&page=${(index % Math.ceil(size.users / 100)) + 1}`,
}

const rows: string[][] = [['what', 'requests/s', 'requests per CPU second', 'KiB each']]
for (const [what, pathOf] of Object.entries(paths)) {
  const before = await cpuSeconds(bitbucket.pid)
  const { requests, bytes } = await loadFor(seconds, (index) => bitbucket.get(pathOf(index)))
  const cpu = (await cpuSeconds(bitbucket.pid)) - before
  rows.push([what, (requests / seconds).toFixed(0), (requests / cpu).toFixed(0), (bytes / requests / 1024).toFixed(1)])
}
printTable(rows)
process.stdout.write(
  `started with ${JSON.stringify(size)} in ${bitbucket.startMs} ms; ${await memoryMiB(bitbucket.pid)} MiB resident\n`,
)
