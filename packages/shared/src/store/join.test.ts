import { expect, test } from 'vitest'
import type { SyncId } from '../contract/ids.ts'
import type { SyncKind, SyncState } from '../contract/syncs.ts'
import { countAhead, decideRequest, nextInTurn } from './join.ts'

const open = (id: SyncId, kind: SyncKind, state: SyncState = 'running', scopes: 'repository/a'[] | null = null) => ({
  id,
  kind,
  state,
  scopes,
})
const join = (syncId: SyncId) => ({ type: 'join', syncId })
const append = { type: 'append' }

test.each([
  ['nothing is open', [], 'full', append],
  ['the same is running', [open('syn_1', 'full')], 'full', join('syn_1')],
  ['a full one delivers an incremental one', [open('syn_1', 'full')], 'incremental', join('syn_1')],
  ['an incremental one delivers no full one', [open('syn_1', 'incremental')], 'full', append],
  ['a second in line delivers it', [open('syn_1', 'incremental'), open('syn_2', 'full')], 'full', join('syn_2')],
  ['a preview commits nothing', [open('syn_1', 'preview')], 'full', append],
  ['a full one tells not what would change', [open('syn_1', 'full')], 'preview', append],
  ['a preview is a preview', [open('syn_1', 'preview')], 'preview', join('syn_1')],
] as const)('%s', (_name, syncs, kind, decision) => {
  expect(decideRequest(syncs, { kind, scopes: null })).toEqual(decision)
})

test('a targeted sync joins no sync that has begun, for it may have read its scopes before', () => {
  const wanted = { kind: 'targeted', scopes: ['repository/a'] } as const
  for (const kind of ['full', 'incremental'] as const)
    expect(decideRequest([open('syn_1', kind)], wanted)).toEqual(append)
  expect(decideRequest([open('syn_1', 'targeted', 'running', ['repository/a'])], wanted)).toEqual(append)
  expect(decideRequest([open('syn_1', 'targeted', 'requested', ['repository/a'])], wanted)).toEqual(join('syn_1'))
})

test('scopes are added to a targeted sync that waits', () => {
  const waiting = open('syn_1', 'targeted', 'requested', ['repository/a'])
  const wanted = { kind: 'targeted', scopes: ['repository/b', 'repository/a'] } as const
  const scopes = ['repository/a', 'repository/b']
  expect(decideRequest([waiting], wanted)).toEqual({ type: 'extend', syncId: 'syn_1', scopes })
})

test('a targeted sync is not made larger than one may be', () => {
  const scopes = Array.from({ length: 1_000 }, (_, n) => `repository/${n}` as const)
  const waiting = { ...open('syn_1', 'targeted', 'requested'), scopes }
  expect(decideRequest([waiting], { kind: 'targeted', scopes: ['repository/b'] })).toEqual(append)
})

test('the targeted sync goes before the one that is running, and else the oldest', () => {
  const [full, targeted] = [open('syn_1', 'full'), open('syn_2', 'targeted', 'requested')]
  expect(nextInTurn([full, targeted])?.id).toBe('syn_2')
  expect(nextInTurn([full, open('syn_3', 'preview', 'requested')])?.id).toBe('syn_1')
  expect(nextInTurn([])).toBeNull()
})

test('how many are ahead follows the turns, and says nothing of one that has begun or is not open', () => {
  const [full, preview] = [open('syn_1', 'full'), open('syn_2', 'preview', 'requested')]
  const targeted = [open('syn_3', 'targeted', 'requested'), open('syn_4', 'targeted', 'requested')]
  const all = [full, preview, ...targeted]
  const ids = ['syn_1', 'syn_2', 'syn_3', 'syn_4', 'syn_5'] as const
  expect(ids.map((id) => countAhead(all, id))).toEqual([null, 3, 0, 1, null])
})
