import type { ConnectionId } from '@clarity/shared/contract/ids'
import { InputError } from '@clarity/shared/runtime/errors'
import type { IdentifierHolder } from '@clarity/shared/store/reservations'

/** What keeps a connection from being saved because another one of the tenant has it, or had. */

export function identifierTaken(uniqueIdentifier: string, { connectionId, removedAt }: IdentifierHolder): InputError {
  const holder =
    connectionId === null ? 'a connection that was removed' : `another connection of yours: ${connectionId}`
  const message = `The unique identifier ${uniqueIdentifier} is used by ${holder}${removedAt === null ? '' : ` at ${removedAt}`}`
  const remedy = 'Choose another uniqueIdentifier; they are never used twice, so that old records stay clear.'
  return taken('identifier-taken', 'uniqueIdentifier', message, remedy)
}

export function nameTaken(name: string, connectionId: ConnectionId): InputError {
  return taken(
    'name-taken',
    'name',
    `Another connection is called ${name}: ${connectionId}`,
    'Choose a different name.',
  )
}

/** `name`: what the connection is called that the workspace has already. */
export function workspaceTaken(name: string, connectionId: ConnectionId): InputError {
  const message = `This workspace is connected already, as ${name} (${connectionId})`
  return taken('workspace-taken', 'workspace', message, 'Use that connection; one workspace is connected once.')
}

function taken(
  code: 'identifier-taken' | 'name-taken' | 'workspace-taken',
  field: 'uniqueIdentifier' | 'name' | 'workspace',
  message: string,
  remedy: string,
): InputError {
  return new InputError(code, message, { remedy, mistakes: [{ field, message, remedy }] })
}
