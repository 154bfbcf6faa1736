import type { ConnectionBudget, CredentialBudget } from '@clarity/shared/contract/budget'
import type { Connection, CredentialRef } from '@clarity/shared/contract/connections'
import { toInstant } from '@clarity/shared/runtime/clock'
import type { BudgetReading } from '@clarity/shared/store/budget-reading'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import { credentialsOf } from '@clarity/shared/store/credentials'

export interface ConnectionBudgetOptions {
  readonly connections: Pick<ConnectionStore, 'list'>
  readonly readBudget: (credential: CredentialRef) => Promise<BudgetReading>
}

/** What is left of the hour of each credential of a connection. Of who shares it, only the tenant's own are counted. */
export async function readConnectionBudget(
  { connections, readBudget }: ConnectionBudgetOptions,
  connection: Connection,
): Promise<ConnectionBudget> {
  const refs = credentialsOf(connection)
  const [own, readings] = await Promise.all([
    connections.list(connection.tenantId, { after: null, limit: Number.POSITIVE_INFINITY }),
    Promise.all(refs.map(async (ref) => ({ ref, reading: await readBudget(ref) }))),
  ])
  const others = own.connections.filter(({ connection: { id } }) => id !== connection.id)
  const usersOf = (ref: CredentialRef) =>
    others.filter((other) => credentialsOf(other.connection).some((one) => isSame(one, ref))).length
  const credentials = readings.map(({ ref, reading }) => toCredentialBudget(ref, reading, usersOf(ref)))
  return { at: toInstant(Math.max(...readings.map(({ reading }) => reading.atMs))), credentials }
}

function isSame(one: CredentialRef, other: CredentialRef): boolean {
  return one.kind === other.kind && one.key === other.key
}

function toCredentialBudget(
  { kind, key }: CredentialRef,
  { nextFreeAtMs, restingUntilMs, forecast, atMs: _, ...counts }: BudgetReading,
  otherConnections: number,
): CredentialBudget {
  const orNull = (ms: number | null) => (ms === null ? null : toInstant(ms))
  return {
    kind,
    key,
    ...counts,
    nextFreeAt: orNull(nextFreeAtMs),
    restingUntil: orNull(restingUntilMs),
    forecast: forecast.map(({ atMs, freeForSyncs }) => ({ at: toInstant(atMs), freeForSyncs })),
    otherConnections,
  }
}
