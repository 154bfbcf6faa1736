import type { Connection } from '@clarity/shared/contract/connections'
import type { ConnectionId, ScopeId } from '@clarity/shared/contract/ids'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InvariantError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import type { FactStore, Step } from '@clarity/shared/store/facts'
import type { Lease } from '@clarity/shared/store/lease'
import type { Outbox } from '@clarity/shared/store/outbox'
import { diffScope, mentionedEntities } from './core/diff.ts'
import { connectionRemoved, type EventContext, scopeObservable } from './core/events.ts'
import { decodeFacts, noFacts, type Reading } from './core/facts.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import { contextOf } from './transitions.ts'

export interface RemovalOptions {
  readonly connections: ConnectionStore
  readonly facts: FactStore
  readonly outbox: Pick<Outbox, 'sizeFor'>
  /** While more entries of the shard wait for Kafka, nothing more is removed. */
  readonly outboxEntriesMax: number
  readonly sliceMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<SyncWorkerMetrics, 'told'>
}

/** What the events of a removal belong to. */
const removalId = (connectionId: ConnectionId) => `removal_${connectionId}`
/** How long to wait while the stream is full. */
const fullMs = 1_000
const attemptsMax = 20

/**
 * Removes a connection that somebody has decided to remove: ends all that it told, scope by scope, then tells its end, and
 * then removes every key of it. Answers how long to wait before it goes on; null when nothing is left. Whoever dies on the
 * way has removed what was told as gone, and the next one goes on there. @throws FencedError
 */
export async function removeConnection(
  options: RemovalOptions,
  connectionId: ConnectionId,
  lease: Lease,
): Promise<number | null> {
  const { connections, facts, outbox, outboxEntriesMax, sliceMs, clock, log, metrics } = options
  const stored = await connections.read(connectionId)
  if (stored === null || !stored.isRemoving) return null
  const { connection } = stored
  const { tenantId } = connection
  const ended = await connections.noteEnding(connectionId, await facts.readTotals(connectionId))
  const endsAtMs = clock.now() + sliceMs
  for (const scopeId of await scopesOf(facts, connectionId)) {
    if ((await outbox.sizeFor(connectionId)) >= outboxEntriesMax) return fullMs
    if (clock.now() >= endsAtMs) return 0
    await removeScope(options, connection, scopeId, lease.token)
  }
  const event = connectionRemoved(contextOf(connection, 'connection-removed', clock), ended)
  await connections.tellEnd({ tenantId, connectionId, syncId: removalId(connectionId) }, lease.token, event)
  metrics.told(['connection.removed'])
  await connections.forget(connectionId)
  log.info({ event: 'connection.removed', tenantId, connectionId, ...ended }, 'connection removed')
  return null
}

/** What others are held by goes last: the members hold all that is told of service users. */
async function scopesOf(facts: FactStore, connectionId: ConnectionId): Promise<ScopeId[]> {
  const known = new Set<ScopeId>()
  for await (const page of facts.scanRecords(connectionId)) for (const [scopeId] of page) known.add(scopeId)
  const last: ScopeId[] = ['workspace/groups', 'workspace/members']
  return [...known].filter((scopeId) => !last.includes(scopeId)).concat(last.filter((scopeId) => known.has(scopeId)))
}

async function removeScope(
  { facts, clock }: RemovalOptions,
  connection: Connection,
  scopeId: ScopeId,
  token: string,
): Promise<void> {
  const { id: connectionId, tenantId } = connection
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const stored = await facts.readFacts(connectionId, scopeId)
    const [resource = null] = await facts.readResources(connectionId, [scopeId])
    const before = decodeFacts(scopeId, stored.fields)
    const reading: Reading = { facts: noFacts, resource: null, users: new Map(), groups: new Map() }
    const ids = mentionedEntities(before, reading)
    const found = await facts.readEntities(connectionId, ids)
    const entities = new Map(ids.map((id, index) => [id, found[index] ?? null]))
    const context: EventContext = {
      ...contextOf(connection, 'connection-removed', clock),
      previouslyObservedAt: stored.record.readAt,
      scope: scopeId,
      removal: 'connection-removed',
    }
    const { notRead } = stored.record
    const observable = notRead?.state === 'unobservable' ? [{ events: [scopeObservable(context, notRead.since)] }] : []
    const steps = concat(observable, diffScope({ scopeId, before, after: reading, resource, entities, context }))
    const commit = { connectionId, tenantId, syncId: removalId(connectionId), scopeId, token, stored, steps }
    const result = await facts.commit({ ...commit, record: 'remove', counts: null })
    if (result.state === 'committed') return
  }
  throw new InvariantError('A scope could not be removed: it changed with every try', { connectionId, scopeId })
}

function* concat(...parts: readonly Iterable<Step>[]): Generator<Step, void> {
  for (const steps of parts) yield* steps
}
