import { callJson } from '@clarity/launcher/http'
import type { Sync } from '@clarity/shared/contract/syncs'
import { toInstant } from '@clarity/shared/runtime/clock'
import { decodeRecord, encodeRecord } from '@clarity/shared/store/scope-record'
import { z } from 'zod'
import { consumer, startBitbucket } from '../bitbucket.ts'
import { toFigure } from '../figures/figure.ts'
import type { Context, Measured, Part } from '../figures/part.ts'
import { cpuSeconds } from '../load.ts'
import { forgetBudgets, type RunningConnector, startConnector } from './connector.ts'
import { drainOutboxes } from './drain.ts'

/** Its first full sync takes two thirds of an hour's budget. */
const size = { users: 50, groups: 5, projects: 5, repositories: 300 }
const requestsPerHour = 1_000
/** An hour has twelve incremental syncs; in half of one no repository comes a second time. */
const rounds = 6
const everyMinutes = 5
const hoursSince = 6

const Counts = z.object({ total: z.int() })

/** How many tenants one core serves when each uses the whole of its budget. */
export const part: Part = { figures: ['tenants_per_worker_core'], measure }

async function measure({ quick, say }: Context): Promise<Measured> {
  const tenants = quick ? 4 : 40
  const slugs = Array.from({ length: tenants }, (_, index) => `tenant-${index}`)
  const credentialOf = (slug: string) => ({ key: `${slug}-key`, secret: consumer.secret })
  await using bitbucket = await startBitbucket({ users: 8, groups: 2, projects: 1, repositories: 5 })
  for (const [seed, slug] of slugs.entries()) {
    const body = { slug, seed, ...size, consumer: credentialOf(slug) }
    const { status } = await callJson(`${bitbucket.url}/_control/workspaces`, { body })
    if (status !== 201) throw new Error(`${slug} could not be made: ${status}`)
  }
  await using connector = await startConnector({ bitbucketUrl: bitbucket.url, workers: 1, requestsPerHour })
  const drained = drainOutboxes(connector)
  const all = (requests: readonly Promise<Sync>[]) =>
    Promise.all(requests.map(async (request) => connector.completed(await request, 250)))
  const connected = await all(slugs.map((slug) => connector.connect(slug, credentialOf(slug), everyMinutes)))
  await forgetBudgets(connector)
  for (const { connectionId } of connected) await backdateReadings(connector, connectionId)
  say(`${tenants} tenants are connected`)

  const worker = connector.workers[0]?.pid ?? 0
  const [before, startedAt] = [await cpuSeconds(worker), performance.now()]
  const counted = async () => Counts.parse((await callJson(`${bitbucket.url}/_control/requests`)).body).total
  const already = await counted()
  for (let round = 1; round <= rounds; round++) {
    await all(connected.map(({ connectionId }) => connector.requestSync(connectionId, 'incremental')))
    say(`round ${round} of ${rounds}: ${(await counted()) - already} requests`)
  }
  const requests = (await counted()) - already
  const cpu = (await cpuSeconds(worker)) - before
  const seconds = (performance.now() - startedAt) / 1_000
  await drained.stop()
  const method =
    `3,600 s over the worker's own processor time for the ${requestsPerHour} requests of an hour, by ${requests} requests of ${tenants} tenants ` +
    `(${size.repositories} repositories each, limit ${requestsPerHour} an hour) in ${rounds} incremental syncs of each, as they come every ${everyMinutes} minutes, of what was last read hours ago; ` +
    `${cpu.toFixed(1)} s of processor in ${seconds.toFixed(1)} s, one worker.`
  return { figures: [toFigure('tenants_per_worker_core', (3_600 * requests) / (requestsPerHour * cpu), method)] }
}

/** Hours go by: a repository that was read a moment ago is not read again. */
async function backdateReadings({ redis, keys }: RunningConnector, connectionId: string): Promise<void> {
  const { scopes } = keys.connection(connectionId)
  const readAt = toInstant(Date.now() - hoursSince * 3_600_000)
  const earlier = Object.entries(await redis.hgetall(scopes)).flatMap(([scopeId, text]) => {
    const record = decodeRecord(text)
    return [scopeId, `${record.version} ${encodeRecord({ ...record, readAt })}`]
  })
  await redis.hset(scopes, ...earlier)
}
