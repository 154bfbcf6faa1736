/** What the address of the change feed says. */
export interface ChangesSearch {
  readonly name?: string
}

export function readChangesSearch(search: Record<string, unknown>): ChangesSearch {
  return typeof search.name === 'string' && search.name !== '' ? { name: search.name } : {}
}
