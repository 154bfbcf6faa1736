import type { ConnectionId } from '../contract/ids.ts'
import { type NotReadScope, type NotReadScopes, notReadScopesMax } from '../contract/scopes.ts'
import type { FactStore } from './facts.ts'
import { notIncluded } from './inclusion.ts'

/** The scopes of a connection that the last try could not read, and why; then those that nobody wants to be read. */
export async function readNotRead(facts: FactStore, connectionId: ConnectionId): Promise<NotReadScopes> {
  const found = new Map<string, NotReadScope>()
  for await (const page of facts.scanRecords(connectionId)) {
    for (const [scope, { notRead, readAt }] of page) {
      if (notRead !== null) found.set(scope, { scope, ...notRead, lastReadAt: readAt })
    }
  }
  const placeOf = ({ scope, reason }: NotReadScope) => `${reason === notIncluded ? 1 : 0} ${scope}`
  const scopes = [...found.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  return { scopes: scopes.slice(0, notReadScopesMax), more: Math.max(0, scopes.length - notReadScopesMax) }
}
