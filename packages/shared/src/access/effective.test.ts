import { describe, expect, test } from 'vitest'
import { EffectiveAccess } from '../contract/effective-access.ts'
import type { EntitlementId, GroupMembershipId, ServiceUserId } from '../contract/ids.ts'
import { nestingId } from '../contract/ids.ts'
import { AccessIndex } from './effective.ts'

const ann: ServiceUserId = 'user:ann'
const repository = { id: 'repository:r', parent: 'project:p' } as const

function indexOf(
  grants: readonly [ServiceUserId, EntitlementId][],
  nestings: readonly [GroupMembershipId, EntitlementId][] = [],
) {
  return new AccessIndex(
    grants.map(([serviceUserId, entitlementId]) => ({ serviceUserId, entitlementId })),
    nestings.map(([container, contained]) => ({ id: nestingId(container, contained), container, contained })),
  )
}

describe('each way to a repository is a path', () => {
  test.each<[string, ReturnType<typeof indexOf>, string, string, readonly string[]]>([
    ['direct', indexOf([[ann, 'repository:r#write']]), 'direct', 'write', ['user:ann', 'repository:r#write']],
    [
      'by a group',
      indexOf([[ann, 'group:devs#member']], [['group:devs#member', 'repository:r#read']]),
      'group',
      'read',
      ['user:ann', 'group:devs#member', 'repository:r#read'],
    ],
    [
      'by the project',
      indexOf([[ann, 'project:p#admin']]),
      'project',
      'admin',
      ['user:ann', 'project:p#admin', 'repository:r'],
    ],
    [
      'by a group on the project, where create-repo counts as write',
      indexOf([[ann, 'group:devs#member']], [['group:devs#member', 'project:p#create-repo']]),
      'project-group',
      'write',
      ['user:ann', 'group:devs#member', 'project:p#create-repo', 'repository:r'],
    ],
    [
      'by owning the workspace',
      indexOf([[ann, 'workspace#owner']]),
      'workspace-owner',
      'admin',
      ['user:ann', 'workspace#owner', 'repository:r'],
    ],
  ])('%s', (_name, index, via, level, nodes) => {
    const access = index.explain(ann, repository)
    expect(EffectiveAccess.parse(access)).toEqual(access)
    expect(access).toMatchObject({ level, decidedBy: [0], paths: [{ via, level }] })
    expect(access.paths[0]?.steps.map(({ node }) => node)).toEqual(nodes)
    expect(index.levelsOn(repository)).toEqual(new Map([[ann, level]]))
  })
})

test.each<[string, readonly [ServiceUserId, EntitlementId][]]>([
  ['a member of the workspace', [[ann, 'workspace#member']]],
  ['a member of a group that holds nothing here', [[ann, 'group:others#member']]],
  ['who holds another repository', [[ann, 'repository:other#admin']]],
  ['who holds another project', [[ann, 'project:other#admin']]],
])('%s has no access by that', (_name, grants) => {
  const index = indexOf(grants, [['group:others#member', 'repository:other#admin']])
  expect(index.explain(ann, repository)).toMatchObject({ level: null, paths: [], decidedBy: [], ifRemoved: [] })
  expect(index.levelsOn(repository)).toEqual(new Map())
})

test('what is left is told for every assignment on every path', () => {
  const index = indexOf(
    [
      [ann, 'repository:r#admin'],
      [ann, 'group:devs#member'],
    ],
    [
      ['group:devs#member', 'repository:r#read'],
      ['group:devs#member', 'project:p#write'],
    ],
  )
  const { level, decidedBy, ifRemoved } = index.explain(ann, repository)
  expect([level, decidedBy]).toEqual(['admin', [0]])
  expect(ifRemoved).toEqual([
    { edge: 'user:ann|repository:r#admin', levelAfter: 'write' },
    { edge: 'user:ann|group:devs#member', levelAfter: 'admin' },
    { edge: 'group:devs#member|repository:r#read', levelAfter: 'admin' },
    { edge: 'group:devs#member|project:p#write', levelAfter: 'admin' },
  ])
})

test('two paths of the same level decide together, and neither is missed when one goes', () => {
  const index = indexOf(
    [
      [ann, 'workspace#owner'],
      [ann, 'repository:r#admin'],
    ],
    [],
  )
  const { decidedBy, ifRemoved } = index.explain(ann, repository)
  expect(decidedBy).toEqual([0, 1])
  expect(ifRemoved.map(({ levelAfter }) => levelAfter)).toEqual(['admin', 'admin'])
})

test('a level that nobody knows is carried, and does not hide a known one', () => {
  const unknown = indexOf([[ann, 'repository:r#triage']])
  expect(unknown.explain(ann, repository).level).toBe('triage')
  const both = indexOf([
    [ann, 'repository:r#triage'],
    [ann, 'project:p#read'],
  ])
  expect(both.explain(ann, repository)).toMatchObject({
    level: 'read',
    paths: [{ level: 'triage' }, { level: 'read' }],
  })
})

test('on a project there is no project above, and create-repo is a level of its own', () => {
  const index = indexOf([[ann, 'project:p#create-repo']])
  expect(index.explain(ann, { id: 'project:p' })).toMatchObject({ level: 'create-repo', paths: [{ via: 'direct' }] })
})

test('that anyone may read is told beside the paths, never as one', () => {
  const index = indexOf([])
  expect(index.explain(ann, { ...repository, private: false })).toMatchObject({ level: null, anyoneMayRead: true })
  expect(index.explain(ann, { ...repository, private: true }).anyoneMayRead).toBe(false)
  expect(index.explain(ann, repository).anyoneMayRead).toBe(false)
})
