// What many small workspaces in one simulator cost: pnpm --filter @clarity/bench tenants
import { callJson } from '@clarity/launcher/http'
import { startBitbucket } from './bitbucket.ts'
import { memoryMiB } from './load.ts'

const count = 5_000
const size = { users: 20, groups: 4, projects: 3, repositories: 20 }

await using bitbucket = await startBitbucket(size)
const startedAt = performance.now()
for (let index = 0; index < count; index++) {
  const body = { slug: `tenant-${index}`, seed: index, ...size }
  const { status } = await callJson(`${bitbucket.url}/_control/workspaces`, { body })
  if (status !== 201) throw new Error(`workspace ${index}: ${status}`)
}
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
process.stdout.write(
  `${count} workspaces of ${JSON.stringify(size)}: ${seconds} s, ${await memoryMiB(bitbucket.pid)} MiB resident\n`,
)
