import type { Connection } from '@clarity/shared/contract/connections'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { settingsOf } from '@clarity/shared/contract/settings'
import { InputError } from '@clarity/shared/runtime/errors'
import type { FactStore } from '@clarity/shared/store/facts'
import { isResourceIncluded } from '@clarity/shared/store/inclusion'

/**
 * A project or repository that nobody has heard of cannot be read: its list comes first. What the settings leave out is not.
 * @throws InputError 422
 */
export async function checkScopes(
  facts: Pick<FactStore, 'readResources'>,
  connection: Connection,
  scopes: readonly ScopeId[],
): Promise<void> {
  const resources = await facts.readResources(connection.id, scopes)
  refuse('unknown-scope', 'is not known', unknownRemedy, scopes, (scope, index) => {
    return !isListScope(scope) && resources[index] === null
  })
  const { include } = settingsOf(connection)
  refuse('scope-not-included', 'is left out by the settings', leftOutRemedy, scopes, (_, index) => {
    const resource = resources[index]
    return resource != null && !isResourceIncluded(include, resource)
  })
}

export function isListScope(scope: ScopeId): boolean {
  return scope.startsWith('workspace/')
}

const unknownRemedy = 'Name projects and repositories that a sync has listed, or sync workspace/repositories first.'
const leftOutRemedy = 'Include it in the settings of the connection first.'

function refuse(
  code: 'unknown-scope' | 'scope-not-included',
  what: string,
  remedy: string,
  scopes: readonly ScopeId[],
  isWrong: (scope: ScopeId, index: number) => boolean,
): void {
  const mistakes = scopes.flatMap((scope, index) =>
    isWrong(scope, index) ? [{ field: `scopes.${index}`, message: `${scope} ${what}`, remedy }] : [],
  )
  if (mistakes.length > 0) throw new InputError(code, `The sync names a scope that ${what}`, { remedy, mistakes })
}
