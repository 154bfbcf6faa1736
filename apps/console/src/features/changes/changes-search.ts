import { z } from 'zod'

const text = z.string().min(1).max(500).optional().catch(undefined)

/** What the address of the change feed says; what is wrong in it counts as not said. */
const ChangesSearch = z.object({
  /** Beginning of the name of the events. */
  name: text,
  /** Id of a service user. */
  person: text,
  /** Id of a resource. */
  resource: text,
  /** Id of a sync. */
  sync: text,
  /** Only what is about administering something. */
  privileged: z.literal(true).optional().catch(undefined),
  /** Also what the first sync found. */
  first: z.literal(true).optional().catch(undefined),
  /** Number of the event that is open beside the list. */
  event: z.int().positive().optional().catch(undefined),
})
type Parsed = z.infer<typeof ChangesSearch>
export type ChangesSearch = { readonly [Key in keyof Parsed]?: Exclude<Parsed[Key], undefined> }

export function readChangesSearch(search: Record<string, unknown>): ChangesSearch {
  return withoutAbsent(ChangesSearch.parse(search))
}

/** Changes to an address: what is undefined is taken out of it. */
export type SearchChange = { readonly [Key in keyof Parsed]?: Parsed[Key] | undefined }

/** The address without what it does not say. */
export function withoutAbsent(search: SearchChange): ChangesSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

/** Whether less than everything is asked for. */
export function isFiltered({ name, person, resource, sync, privileged }: ChangesSearch): boolean {
  return [name, person, resource, sync, privileged].some((value) => value !== undefined)
}
