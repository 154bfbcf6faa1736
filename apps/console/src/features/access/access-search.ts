/** What the address of the access explorer says. */
export interface AccessSearch {
  readonly q?: string
}

export function readAccessSearch(search: Record<string, unknown>): AccessSearch {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}
}
