import type { ScopeId } from '@clarity/shared/contract/ids'
import { noRecord } from '@clarity/shared/store/scope-record'
import { expect, test } from 'vitest'
import { createReadTimes, scopesOfAccess } from './read-times.ts'

const readAt: Partial<Record<ScopeId, string>> = {
  'repository/r': '2026-11-23T10:00:00.000Z',
  'project/p': '2026-11-23T08:00:00.000Z',
  'workspace/groups': '2026-11-23T09:00:00.000Z',
}
const readTimes = createReadTimes({
  readRecords: async (_connectionId, ids) => ids.map((id) => ({ ...noRecord, readAt: readAt[id] ?? null })),
})

test('what somebody comes to is as old as the oldest reading that a way there rests on', async () => {
  const byProject = scopesOfAccess({
    resource: 'repository:r',
    paths: [
      {
        steps: [{ node: 'user:a' }, { node: 'group:g#member' }, { node: 'project:p#write' }, { node: 'repository:r' }],
      },
    ],
  })
  expect(byProject.toSorted()).toEqual(['project/p', 'repository/r', 'workspace/groups'])
  const owner = scopesOfAccess({
    resource: 'repository:r',
    paths: [{ steps: [{ node: 'user:a' }, { node: 'workspace#owner' }, { node: 'repository:r' }] }],
  })
  expect(await readTimes('con_1', [byProject, ['repository/r'], owner])).toEqual([
    '2026-11-23T08:00:00.000Z',
    '2026-11-23T10:00:00.000Z',
    // Who the members are was never read.
    null,
  ])
  expect(await readTimes('con_1', [])).toEqual([])
})
