import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import { InputError } from '@clarity/shared/runtime/errors'
import type { ConnectionStore, StoredConnection } from '@clarity/shared/store/connections'

/** Another tenant's connection is as if it did not exist. @throws InputError 404 */
export type FindConnection = (tenantId: TenantId, connectionId: ConnectionId) => Promise<StoredConnection>

export function createFindConnection(connections: Pick<ConnectionStore, 'read'>): FindConnection {
  return async (tenantId, connectionId) => {
    const stored = await connections.read(connectionId)
    if (stored === null || stored.isRemoving || stored.connection.tenantId !== tenantId)
      throw noSuchConnection(connectionId)
    return stored
  }
}

export function noSuchConnection(connectionId: string): InputError {
  return new InputError('no-such-connection', `There is no connection ${connectionId}`, {
    remedy: 'Use an id that GET /v1/connections answers.',
  })
}
