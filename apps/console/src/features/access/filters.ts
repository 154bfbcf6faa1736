import type { AccessSearch } from './access-search.ts'

/** A part of the address that is chosen from a few. */
export interface Filter {
  readonly name: keyof AccessSearch
  readonly label: string
  /** What it says, and what that is called; that nothing is asked for comes by itself. */
  readonly options: readonly (readonly [value: string, label: string])[]
  /** What nothing is called. */
  readonly none: string
}

const yesNo = (name: keyof AccessSearch, label: string): Filter => ({
  ...{ name, label, none: 'Either' },
  options: [
    ['true', 'Yes'],
    ['false', 'No'],
  ],
})

const levels: Filter['options'] = [
  ['read', 'read'],
  ['write', 'write'],
  ['create-repo', 'create-repo'],
  ['admin', 'admin'],
]
const privileged = yesNo('privileged', 'Administers')
const kinds = (label: string, ...options: Filter['options']): Filter => ({
  ...{ name: 'resourceKind', label, none: 'Everything' },
  options,
})
const project = ['project', 'Projects'] as const
const repository = ['repository', 'Repositories'] as const
const ended: Filter = {
  ...{ name: 'ended', label: 'Held', none: 'Now' },
  options: [
    ['also', 'Now or before'],
    ['only', 'No longer'],
  ],
}
const ways: Filter[] = [
  { name: 'atLeast', label: 'At least', none: 'Any level', options: levels },
  {
    ...{ name: 'via', label: 'By way of', none: 'Any way' },
    options: [
      ['direct', 'A direct grant'],
      ['group', 'A group'],
      ['project', 'The project'],
      ['project-group', 'A group on the project'],
      ['workspace-owner', 'Owning the workspace'],
    ],
  },
  { name: 'several', label: 'Ways', none: 'One or more', options: [['true', 'More than one']] },
  { name: 'sort', label: 'Order', none: 'By name', options: [['level', 'Highest level first']] },
]

export const peopleFilters: readonly Filter[] = [
  {
    ...{ name: 'status', label: 'Account', none: 'Any state' },
    options: [
      ['active', 'Active'],
      ['inactive', 'Inactive'],
      ['closed', 'Closed'],
      ['unknown', 'Unknown'],
    ],
  },
  {
    ...{ name: 'membership', label: 'Workspace', none: 'Anybody' },
    options: [
      ['member', 'Members'],
      ['outside', 'Outside'],
    ],
  },
  {
    ...{ name: 'kind', label: 'Kind', none: 'Any kind' },
    options: [
      ['person', 'Person'],
      ['app', 'App'],
      ['team', 'Team'],
      ['unknown', 'Unknown'],
    ],
  },
  yesNo('matched', 'E-mail confirmed'),
  privileged,
]

export const repositoryFilters: readonly Filter[] = [yesNo('private', 'Private')]

export const entitlementFilters: readonly Filter[] = [
  {
    ...{ name: 'entitlementKind', label: 'Kind', none: 'Any kind' },
    options: [
      ['workspace-role', 'Workspace roles'],
      ['group-membership', 'Groups'],
      ['project-permission', 'On projects'],
      ['repository-permission', 'On repositories'],
    ],
  },
  { name: 'level', label: 'Level', none: 'Any level', options: levels },
  privileged,
]

export const grantFilters: readonly Filter[] = [
  kinds('On', repository, project, ['group', 'Groups'], ['workspace', 'The workspace']),
  { name: 'level', label: 'Level', none: 'Any level', options: levels },
  privileged,
  yesNo('otherPath', 'Another way there'),
  ended,
]

export const nestingFilters: readonly Filter[] = [
  kinds('On', repository, project),
  { name: 'level', label: 'Level', none: 'Any level', options: levels },
  privileged,
  ended,
]

export const accessOfUserFilters: readonly Filter[] = [kinds('On', repository, project), ...ways]
export const whoCanFilters: readonly Filter[] = ways

/** What a filter says now, as its field holds it. */
export function chosenOf(search: AccessSearch, { name }: Filter): string {
  const value = search[name]
  return value === undefined ? '' : String(value)
}

/** What the address says once the field holds this. */
export function toChoice(value: string): string | boolean | undefined {
  if (value === '') return undefined
  return value === 'true' || value === 'false' ? value === 'true' : value
}
