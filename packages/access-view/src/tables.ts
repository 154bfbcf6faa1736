import type { ServiceUser } from '@clarity/shared/contract/entities'
import type { EventData } from '@clarity/shared/contract/events'
import type { Generated } from 'kysely'

/**
 * The tables, as the queries see them. A connection has a number here, so that a row and the entries of its indexes need not repeat
 * two texts; it is found by tenant and id alone (`resolve.ts`), so no question reaches what belongs to another tenant.
 *
 * Numbers of events are bigint, times ISO 8601 with milliseconds, JSON is parsed.
 */
export interface Tables {
  view: ViewTable
  connections: ConnectionTable
  service_users: ServiceUserTable
  entitlements: EntitlementTable
  grants: GrantTable
  nestings: NestingTable
  conditions: ConditionTable
  moments: MomentTable
  connection_refs: ConnectionRefTable
  events: EventTable
  syncs: SyncTable
  audit: AuditTable
}

interface ViewTable {
  id: string
  schema_version: number
  bootstrapped: boolean
}

export interface ConnectionTable {
  key: Generated<number>
  id: string
  tenant_id: string
  /** The last event that is in the rows. */
  handled_sequence: bigint
  /** The latest time of any event up to there. */
  handled_time: string | null
  /** The rows tell what held after each event from this one on; 0: from the very first. */
  begins_sequence: bigint
  /** Nothing before `begins_sequence` will be known: the event there cannot be taken back. */
  history_ended: boolean
  removed: boolean
  /** Events are missing: it is to be made anew from the state topic. */
  rebuild: boolean
  /** An event that could not be told: what it changed is not in the rows, nor in the state topic. */
  incomplete_sequence: bigint | null
}

/** From which event until which one a row held; `from_sequence` 0 with no time: before anything that is still known. */
export interface Held {
  from_sequence: bigint
  from_time: string | null
  /** Null: it still holds. */
  to_sequence: bigint | null
  to_time: string | null
}

interface ServiceUserTable extends Held {
  connection: number
  id: string
  kind: ServiceUser['kind']
  status: ServiceUser['status']
  membership: ServiceUser['membership']
  matched: boolean
  last_accessed_on: string | null
  /** As it is sorted by. */
  name: string
  /** What a search looks into. */
  search: string
  value: ServiceUser
}

interface EntitlementTable extends Held {
  connection: number
  id: string
  kind: string
  level: string
  privileged: boolean
  resource: string
  /** The project that the repository is in. */
  parent: string | null
  /** Of the resource, as it is sorted by. */
  name: string
  search: string
  value: unknown
}

interface GrantTable extends Held {
  connection: number
  service_user_id: string
  resource: string
  level: string
  privileged: boolean
}

interface NestingTable extends Held {
  connection: number
  /** The group: `group:<slug>`. */
  container: string
  resource: string
  level: string
  privileged: boolean
}

/** What is said of a connection itself, as the state topic names it. */
export const conditionKinds = ['scope', 'connection', 'connection-health', 'connection-pause'] as const
export type ConditionKind = (typeof conditionKinds)[number]

export function isConditionKind(kind: string): kind is ConditionKind {
  return conditionKinds.some((known) => known === kind)
}

/** What is said of a connection itself. */
interface ConditionTable extends Held {
  connection: number
  kind: ConditionKind
  id: string
  value: unknown
}

/** Where the time moved on: as of a time is as of the number before the first event that is later. */
interface MomentTable {
  connection: number
  sequence: bigint
  time: string
}

/** What events say of their connection: every one says it, and it hardly ever changes, so it is kept once. */
interface ConnectionRefTable {
  key: Generated<number>
  connection: number
  value: unknown
}

interface EventTable {
  connection: number
  sequence: bigint
  /** Of a type that this release knows the name; else the whole type. */
  name: string
  subject: string
  event_id: string
  time: string
  recorded_time: string | null
  sync_id: string
  traceparent: string | null
  service_user_id: string | null
  resource: string | null
  privileged: boolean
  /** Which `connection` belongs into the data; null: they have none, or all of it. */
  ref: number | null
  data: unknown
}

interface SyncTable {
  connection: number
  id: string
  kind: string | null
  trigger: string | null
  state: 'requested' | 'running' | 'completed' | 'failed' | 'cancelled'
  requested_at: string | null
  started_at: string | null
  finished_at: string | null
  first_sequence: bigint
  last_sequence: bigint
  scopes: string[] | null
  plan: EventData<'sync.started'>['plan'] | null
  stats: EventData<'sync.completed'>['stats'] | null
  coverage: EventData<'sync.completed'>['coverage'] | null
  evidence: EventData<'sync.completed'>['evidence'] | null
  requests: number | null
  error: EventData<'sync.failed'>['error'] | null
}

interface AuditTable {
  id: string
  tenant_id: string
  at: string
  actor_kind: string
  actor_id: string
  action: string
  connection_id: string | null
  record: unknown
}
