import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  abandonPass,
  alikeMax,
  completePass,
  createDetectorState,
  type DetectorState,
  type EffectiveRow,
  observeRows,
} from './detector.ts'

type Workspace = Readonly<Record<string, Readonly<Record<string, string>>>>

function rowsOf(workspace: Workspace): EffectiveRow[] {
  return Object.entries(workspace).flatMap(([repositoryId, users]) =>
    Object.entries(users).map(([userId, level]) => ({ repositoryId, userId, level })),
  )
}

/** A whole pass; the hints it gives. */
function pass(state: DetectorState, rows: readonly EffectiveRow[]): string[] {
  return [...observeRows(state, rows), ...completePass(state)].toSorted()
}

function known(workspace: Workspace): DetectorState {
  const state = createDetectorState()
  expect(pass(state, rowsOf(workspace))).toEqual([])
  return state
}

const before = {
  a: { ann: 'read', bob: 'write' },
  b: { ann: 'write' },
  c: { ann: 'read', bob: 'read', eve: 'admin' },
} satisfies Workspace

describe('names the repositories where', () => {
  test.each<[string, Workspace, string[]]>([
    ['nothing changed: none', before, []],
    ['somebody came', { ...before, b: { ann: 'write', bob: 'read' } }, ['b']],
    ['somebody went', { ...before, a: { bob: 'write' } }, ['a']],
    ['a level changed', { ...before, c: { ann: 'read', bob: 'read', eve: 'write' } }, ['c']],
    ['two swapped their levels', { ...before, a: { ann: 'write', bob: 'read' } }, ['a']],
    ['all went, so that no row tells of it', { a: before.a, c: before.c }, ['b']],
    ['one is new', { ...before, d: { eve: 'read' } }, ['d']],
  ])('%s', (_, after, expected) => {
    expect(pass(known(before), rowsOf(after))).toEqual(expected)
  })
})

test('names a repository as soon as the rows of the next one begin, not only when the pass is over', () => {
  const state = known(before)
  const rows = rowsOf({ ...before, a: { ann: 'admin', bob: 'write' } })
  expect(observeRows(state, rows.slice(0, 2))).toEqual([])
  expect(observeRows(state, rows.slice(2, 3))).toEqual(['a'])
})

test('one change that reaches many repositories alike does not drown what changed in one', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`r${index}`, { ann: 'read' }]))
  const reached = Object.fromEntries(Object.keys(many).map((id) => [id, { ann: 'read', bob: 'write' }]))
  const after = { ...reached, r400: { ann: 'admin', bob: 'write' } }
  const state = known(many)
  const hints = pass(state, rowsOf(after))
  expect(hints).toContain('r400')
  expect(hints).toHaveLength(alikeMax + 1)
})

test('a change alike that one pass saw in some and the next one in the others is still one change', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`r${index}`, { ann: 'read' }]))
  const reached = Object.keys(many).map((id) => [id, { ann: 'read', bob: 'write' }] as const)
  const state = known(many)
  pass(state, rowsOf({ ...many, ...Object.fromEntries(reached.slice(50)) }))
  expect(pass(state, rowsOf(Object.fromEntries(reached)))).toEqual([])
})

test('a pass that broke off names nothing that was not read to its end, and leaves what is known as it was', () => {
  const state = known(before)
  expect(observeRows(state, rowsOf({ a: { ann: 'admin' } }))).toEqual([])
  abandonPass(state)
  expect(pass(state, rowsOf(before))).toEqual([])
  observeRows(state, rowsOf({ a: before.a }))
  abandonPass(state)
  expect(pass(state, rowsOf({ ...before, b: {} }))).toEqual(['b'])
})

test('rows in another order than by repository are judged at the end, and the next pass expects that', () => {
  const state = known(before)
  const shuffled = (workspace: Workspace) => rowsOf(workspace).toSorted((x, y) => (x.userId < y.userId ? -1 : 1))
  pass(state, shuffled(before))
  expect(observeRows(state, shuffled({ ...before, b: { ann: 'read' } }))).toEqual([])
  expect(completePass(state)).toEqual(['b'])
})

test('any order of the rows, in any parts, says the same of a changed repository, and nothing of unchanged ones', () => {
  const users = fc.dictionary(fc.constantFrom('u1', 'u2', 'u3', 'u4'), fc.constantFrom('read', 'write', 'admin'), {
    minKeys: 1,
  })
  const workspace = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), users)
  fc.assert(
    fc.property(workspace, workspace, fc.infiniteStream(fc.nat()), (first, second, keys) => {
      const mix = (rows: EffectiveRow[]) => {
        const mixed = rows.map((row) => ({ row, key: keys.next().value })).toSorted((x, y) => x.key - y.key)
        return mixed.map(({ row }) => row)
      }
      const state = createDetectorState()
      state.grouped = false
      pass(state, mix(rowsOf(first)))
      expect(pass(state, mix(rowsOf(first)))).toEqual([])
      const hints = pass(state, mix(rowsOf(second)))
      const same = (id: string) => JSON.stringify(sorted(first[id])) === JSON.stringify(sorted(second[id]))
      for (const id of hints) expect(same(id)).toBe(false)
      const changed = [...new Set([...Object.keys(first), ...Object.keys(second)])].filter((id) => !same(id))
      if (changed.length <= alikeMax) expect(hints).toEqual(changed.toSorted())
    }),
  )
})

function sorted(users: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(users ?? {}).toSorted(([x], [y]) => (x < y ? -1 : 1))
}
