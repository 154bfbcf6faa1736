import { describe, expect, test } from 'vitest'
import { chosenOf, groupRemovals, type RemovalGroup, toRemovalRows } from './group-removals.ts'
import { causeOf, type HeldRemoval } from './held-causes.ts'
import { allowedOf, formatShare, requestsToRead } from './look-again.ts'

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`
const at = '2026-11-23T10:00:00.000Z'

function removal(holder: string, resource: string, more: Partial<HeldRemoval> = {}): HeldRemoval {
  const level = resource.startsWith('group:') ? 'member' : 'write'
  return {
    id: `${holder}|${resource}#${level}`,
    kind: holder.startsWith('user:') ? 'grant' : 'nesting',
    cause: 'no-longer-listed',
    scope: resource.startsWith('group:') ? 'workspace/groups' : resource.replace(':', '/'),
    ...{ resource, resourceName: null, level, holder, holderName: null, observedAt: at },
    evidence: { reads: 2, confirmedAt: at },
    ...more,
  }
}

const removals = [
  removal('user:ada', 'repository:pay', { holderName: 'Ada', resourceName: 'payments' }),
  removal('user:bob', 'repository:pay', { holderName: 'Bob', resourceName: 'payments' }),
  removal('user:ada', 'repository:led', { holderName: 'Ada', resourceName: 'ledger' }),
  removal('user:ada', 'group:ops', { holderName: 'Ada', resourceName: 'Operations' }),
  removal('group:ops#member', 'repository:old', { cause: 'resource-gone', holderName: 'Operations' }),
]

const tree = (groups: readonly RemovalGroup[]): unknown =>
  groups.map(({ title, note, ids, groups: inside }) => [
    title,
    note,
    ids.length,
    ...(inside.length ? [tree(inside)] : []),
  ])

describe('removals', () => {
  test('are grouped by cause, resource and holder, the largest first', () => {
    expect(tree(groupRemovals(removals, { by: 'cause', count }))).toEqual([
      [
        'Permissions on repositories that are gone',
        '2 resources',
        3,
        [
          ['Repository payments', '2 holders', 2],
          ['Repository ledger', '1 holder', 1],
        ],
      ],
      ['Groups that have lost members', '1 resource', 1, [['Group Operations', '1 holder', 1]]],
      ['Repositories that are no longer listed', '1 resource', 1, [['Repository old', '1 holder', 1]]],
    ])
  })

  test('or by who holds them', () => {
    expect(tree(groupRemovals(removals, { by: 'person', count }))).toEqual([
      ['Ada', '3 resources', 3],
      ['Bob', '1 resource', 1],
      ['Group Operations', '1 resource', 1],
    ])
  })

  test('of one resource that two causes name are told apart', () => {
    const both = [
      removal('user:ada', 'repository:pay'),
      removal('user:bob', 'repository:pay', { cause: 'resource-gone' }),
    ]
    const keys = groupRemovals(both, { by: 'cause', count }).flatMap(({ groups }) => groups.map(({ key }) => key))
    expect(new Set(keys).size).toBe(2)
  })

  test('that are in a closed group are out of sight, and yet chosen with it', () => {
    const groups = groupRemovals(removals, { by: 'cause', count })
    const closed = toRemovalRows(groups, { by: 'cause', isOpen: () => false })
    expect(closed).toHaveLength(3)
    const open = toRemovalRows(groups, { by: 'cause', isOpen: (_key, depth) => depth === 0 })
    expect(open.map(({ type, depth }) => `${type} ${depth}`)).toEqual([
      ...['group 0', 'group 1', 'group 1', 'group 0', 'group 1', 'group 0', 'group 1'],
    ])
    const all = toRemovalRows(groups, { by: 'cause', isOpen: () => true })
    expect(all.filter(({ type }) => type === 'removal')).toHaveLength(removals.length)
    const [{ ids } = { ids: [] }] = groups
    expect(chosenOf(ids, new Set(ids))).toBe('all')
    expect(chosenOf(ids, new Set(ids.slice(0, 1)))).toBe('some')
    expect(chosenOf(ids, new Set())).toBe('none')
  })
})

test.each([
  ['left-the-workspace', 'workspace', 'people-gone'],
  ['resource-gone', 'repository:1', 'repositories-gone'],
  ['resource-gone', 'project:1', 'projects-gone'],
  ['no-longer-listed', 'group:a', 'group-members-gone'],
  ['no-longer-listed', 'workspace', 'roles-gone'],
  ['no-longer-listed', 'project:1', 'project-permissions-gone'],
  ['no-longer-listed', 'repository:1', 'repository-permissions-gone'],
] as const)('%s on %s looks like %s', (cause, resource, looksLike) => {
  expect(causeOf({ cause, resource })).toBe(looksLike)
})

describe('looking again', () => {
  const sizes = { serviceUsers: 2_000, projects: 200, repositories: 5_000 }

  test('takes two requests for each project and repository, and a list its pages', () => {
    expect(requestsToRead(['repository/1', 'repository/2', 'project/1'], sizes)).toBe(6)
    expect(requestsToRead(['workspace/members', 'workspace/groups'], sizes)).toBe(21)
    expect(requestsToRead(['workspace/projects', 'workspace/repositories'], sizes)).toBe(52)
    expect(requestsToRead(['workspace/repositories'], { ...sizes, repositories: 0 })).toBe(1)
  })
})

describe('the limit', () => {
  test('lets the share pass, and always so many', () => {
    expect(allowedOf({ share: 0.1, count: 20 }, 2_950)).toBe(295)
    expect(allowedOf({ share: 0.1, count: 20 }, 50)).toBe(20)
  })

  test('is told as a percentage', () => {
    expect([formatShare(0.1), formatShare(0.1404)]).toEqual(['10 %', '14 %'])
  })
})
