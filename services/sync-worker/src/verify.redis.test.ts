import type { SyncId } from '@clarity/shared/contract/ids'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { beforeEach, expect, test } from 'vitest'
import { ReadingBuilder, type ScopeOutcome } from './scopes/reading.ts'
import { createTestEngine, connection as unlimited } from './testing/engine.ts'
import { verify } from './verify.ts'

const engine = await createTestEngine()
const { facts, holds } = engine
const people = Object.fromEntries(
  ['a', 'b', 'c', 'd'].map((id) => [id, { uuid: `{${id}}`, type: 'user', display_name: id }]),
)

beforeEach(() => engine.reset())

function reading(levels: Readonly<Record<string, string>>): ScopeOutcome {
  const builder = new ReadingBuilder()
  for (const [id, level] of Object.entries(levels)) builder.addUser(people[id] ?? { uuid: '' }, 'repository:r', level)
  builder.addGroup({ slug: 'devs', name: 'Devs' }, 'repository:r', 'write')
  const resource = { kind: 'repository', uuid: '{r}', slug: 'r', name: 'r' } as const
  return { state: 'complete', reading: builder.build(resource), list: null }
}

const sync = (syncId: SyncId, outcome: ScopeOutcome, connection = unlimited) =>
  engine.committer({ connection, syncId }).sync('repository/r', { read: async () => outcome, look: async () => false })
const verified = (...ids: Parameters<typeof verify>[1]) =>
  verify({ facts, holds, connectionId: unlimited.id, syncId: 'syn_2' }, ids)

test('of each it is said whether it is gone, still there, or there at another level', async () => {
  await sync('syn_1', reading({ a: 'admin', b: 'read', c: 'read', d: 'read' }))
  await sync('syn_2', reading({ a: 'write', c: 'read', d: 'read' }))
  expect(
    await verified(
      'user:a|repository:r#admin',
      'user:b|repository:r#read',
      'user:c|repository:r#read',
      'group:devs#member|repository:r#write',
      'group:ops#member|repository:r#write',
    ),
  ).toEqual([
    { id: 'user:a|repository:r#admin', state: 'gone', now: 'repository:r#write' },
    { id: 'user:b|repository:r#read', state: 'gone' },
    { id: 'user:c|repository:r#read', state: 'still-there' },
    { id: 'group:devs#member|repository:r#write', state: 'still-there' },
    { id: 'group:ops#member|repository:r#write', state: 'gone' },
  ])
})

test('nothing is said of a scope that could not be read, or that this sync has not read', async () => {
  await sync('syn_1', reading({ a: 'admin' }))
  expect(await verified('user:a|repository:r#admin')).toMatchObject([{ state: 'not-observable', reason: 'not-read' }])
  const error = new UpstreamError('permission', 'not-permitted', 'no', { remedy: 'mend it', status: 403 })
  await sync('syn_2', { state: 'incomplete', error })
  expect(await verified('user:a|repository:r#admin', 'user:a|repository:x#read')).toMatchObject([
    { state: 'not-observable', reason: 'http-403' },
    { state: 'not-observable', reason: 'unknown-scope' },
  ])
})

test('what is gone and held back is said to be both', async () => {
  const connection = { ...unlimited, removalLimit: { share: 0, count: 0 } }
  await sync('syn_1', reading({ a: 'admin', b: 'read' }), connection)
  await sync('syn_2', reading({ a: 'admin' }), connection)
  expect(await verified('user:b|repository:r#read')).toEqual([
    { id: 'user:b|repository:r#read', state: 'gone', held: true },
  ])
})
