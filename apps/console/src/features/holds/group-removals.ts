import { causeOf, causeWords, type HeldRemoval } from './held-causes.ts'

/** Removals that belong together, and groups of them within. */
export interface RemovalGroup {
  readonly key: string
  readonly title: string
  /** In words what is counted besides the removals: "3 people". */
  readonly note: string
  /** Ids of all removals within, whether they are in sight or not. */
  readonly ids: readonly string[]
  readonly groups: readonly RemovalGroup[]
  readonly removals: readonly HeldRemoval[]
}

export type Grouping = 'cause' | 'person'

/** A line of the table: a group, or one removal. */
export type RemovalRow =
  | {
      readonly type: 'group'
      readonly key: string
      readonly depth: number
      readonly group: RemovalGroup
      readonly isOpen: boolean
    }
  | {
      readonly type: 'removal'
      readonly key: string
      readonly depth: number
      readonly removal: HeldRemoval
      readonly by: Grouping
    }

type Count = (count: number, one: string, many?: string) => string

/** By cause, in it by resource, in it who holds it; or by who holds it. The largest groups come first. */
export function groupRemovals(
  removals: readonly HeldRemoval[],
  { by, count }: { readonly by: Grouping; readonly count: Count },
): RemovalGroup[] {
  if (by === 'person') {
    return inGroups(
      removals,
      ({ holder }) => holder,
      (key, own) => ({
        title: holderName(own[0]) ?? key,
        note: count(
          distinct(own, ({ resource }) => resource),
          'resource',
        ),
        groups: [],
        removals: own,
      }),
    )
  }
  return inGroups(removals, causeOf, (cause, ofCause) => ({
    title: causeWords[cause].title,
    note: count(
      distinct(ofCause, ({ resource }) => resource),
      'resource',
    ),
    removals: [],
    groups: inGroups(
      ofCause,
      ({ resource }) => resource,
      (resource, own) => ({
        title: resourceTitle(own[0]) ?? resource,
        note: count(
          distinct(own, ({ holder }) => holder),
          'holder',
        ),
        groups: [],
        removals: own,
      }),
      cause,
    ),
  }))
}

/** The lines that are in sight: what is closed hides what is in it. */
export function toRemovalRows(
  groups: readonly RemovalGroup[],
  { by, isOpen }: { readonly by: Grouping; readonly isOpen: (key: string, depth: number) => boolean },
  depth = 0,
): RemovalRow[] {
  return groups.flatMap((group): RemovalRow[] => {
    const open = isOpen(group.key, depth)
    const own: RemovalRow = { type: 'group', key: group.key, depth, group, isOpen: open }
    if (!open) return [own]
    const inside = group.removals.map((removal): RemovalRow => {
      return { type: 'removal', key: `${group.key} ${removal.id}`, depth: depth + 1, removal, by }
    })
    return [own, ...toRemovalRows(group.groups, { by, isOpen }, depth + 1), ...inside]
  })
}

/** Whether all of them are chosen, none, or some. */
export function chosenOf(ids: readonly string[], chosen: ReadonlySet<string>): 'all' | 'some' | 'none' {
  const count = ids.filter((id) => chosen.has(id)).length
  if (count === 0) return 'none'
  return count === ids.length ? 'all' : 'some'
}

/** Who holds it, by name; a group is told from a person. */
export function holderName(removal: Pick<HeldRemoval, 'holder' | 'holderName'> | undefined): string | null {
  if (removal === undefined) return null
  const { holder, holderName: name } = removal
  if (!holder.startsWith('group:')) return name ?? `Account ${holder.slice('user:'.length, 'user:'.length + 8)}`
  return `Group ${name ?? holder.slice('group:'.length, holder.lastIndexOf('#'))}`
}

/** What it is held on, by kind and name. */
export function resourceTitle(removal: Pick<HeldRemoval, 'resource' | 'resourceName'> | undefined): string | null {
  if (removal === undefined) return null
  const { resource, resourceName } = removal
  if (resource === 'workspace') return 'The workspace'
  const at = resource.indexOf(':')
  const [kind, id] = [resource.slice(0, at), resource.slice(at + 1)]
  const name = resourceName ?? (kind === 'group' ? id : id.slice(0, 8))
  return `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} ${name}`
}

function inGroups<Key extends string>(
  removals: readonly HeldRemoval[],
  keyOf: (removal: HeldRemoval) => Key,
  describe: (key: Key, own: readonly HeldRemoval[]) => Omit<RemovalGroup, 'key' | 'ids'>,
  within = '',
): RemovalGroup[] {
  return [...Map.groupBy(removals, keyOf)]
    .map(([key, own]) => ({ key: `${within}/${key}`, ids: own.map(({ id }) => id), ...describe(key, own) }))
    .toSorted((a, b) => b.ids.length - a.ids.length || a.title.localeCompare(b.title))
}

function distinct(removals: readonly HeldRemoval[], keyOf: (removal: HeldRemoval) => string): number {
  return new Set(removals.map(keyOf)).size
}
