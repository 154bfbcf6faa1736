import { NewConnection } from '@clarity/shared/contract/connections'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { PreflightProblem, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { InputError } from '@clarity/shared/runtime/errors'
import { validationProblems } from '@clarity/shared/runtime/problem-table'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import { identifierTaken, nameTaken, workspaceTaken } from './taken.ts'

type NamedField = 'name' | 'uniqueIdentifier'

/**
 * What would keep a connection of that name and unique identifier from being saved; what is not given is not looked at. Whoever gives
 * either wants to save it, so the workspace is looked for among those that are connected, too; null: it is not known.
 */
export async function checkNames(
  connections: Pick<ConnectionStore, 'read' | 'readTaken'>,
  tenantId: TenantId,
  given: Pick<PreflightRequest, NamedField>,
  workspaceUuid: string | null,
): Promise<PreflightProblem[]> {
  const name = parseGiven('name', given.name)
  const identifier = parseGiven('uniqueIdentifier', given.uniqueIdentifier)
  if (name.state === 'absent' && identifier.state === 'absent') return []
  const taken = await connections.readTaken(tenantId, {
    name: name.state === 'valid' ? name.value : null,
    uniqueIdentifier: identifier.state === 'valid' ? identifier.value : null,
    workspaceUuid,
  })
  const problems: PreflightProblem[] = []
  if (name.state === 'invalid') problems.push(name.problem)
  else if (name.state === 'valid' && taken.name !== null)
    problems.push(toProblem('name', nameTaken(name.value, taken.name), taken.name))
  if (identifier.state === 'invalid') problems.push(identifier.problem)
  else if (identifier.state === 'valid' && taken.identifier !== null) {
    const { connectionId, removedAt } = taken.identifier
    const problem = toProblem('uniqueIdentifier', identifierTaken(identifier.value, taken.identifier), connectionId)
    problems.push({ ...problem, ...(removedAt !== null && { removedAt }) })
  }
  if (taken.workspace !== null) {
    const called = (await connections.read(taken.workspace))?.connection.uniqueIdentifier ?? taken.workspace
    problems.push(toProblem('workspace', workspaceTaken(called, taken.workspace), taken.workspace))
  }
  return problems
}

type Given =
  | { readonly state: 'absent' }
  | { readonly state: 'valid'; readonly value: string }
  | { readonly state: 'invalid'; readonly problem: PreflightProblem }

/** What a form that is not filled in yet sends, null, is not given. */
function parseGiven(field: NamedField, given: unknown): Given {
  if (given === undefined || given === null) return { state: 'absent' }
  const parsed = NewConnection.shape[field].safeParse(given)
  if (parsed.success) return { state: 'valid', value: parsed.data }
  const code = field === 'name' ? 'invalid-name' : 'invalid-identifier'
  const message = typeof given === 'string' ? (parsed.error.issues[0]?.message ?? 'is not valid') : 'is no text'
  const { remedy } = validationProblems[code]
  return { state: 'invalid', problem: { field, endpoint: null, code, message, remedy } }
}

function toProblem(
  field: NamedField | 'workspace',
  { code, message, remedy }: InputError,
  connectionId: ConnectionId | null,
): PreflightProblem {
  return { field, endpoint: null, code, message, remedy, ...(connectionId !== null && { connectionId }) }
}
