import { expect, test } from 'vitest'
import type { Sync } from '../../api/queries.ts'
import { phasesOf, sayPhase, scopesOf } from './phases.ts'

type Phase = Sync['progress']['phases'][number]

const order = [
  ...(['workspace', 'members', 'groups', 'projects', 'repositories'] as const),
  ...(['project-permissions', 'effective-permissions', 'repository-permissions'] as const),
]

function syncOf(
  kind: Sync['kind'],
  state: Sync['state'],
  begun: Partial<Record<Phase['phase'], readonly [done: number, total: number]>> = {},
) {
  const phases = order.map(
    (phase): Phase => ({ phase, done: begun[phase]?.[0] ?? 0, total: begun[phase]?.[1] ?? null }),
  )
  return { kind, state, progress: { phases, requests: 0, requestsExpected: null } }
}

test('a full sync shows what is to come, and never the effective permissions', () => {
  const phases = phasesOf(syncOf('full', 'running', { workspace: [1, 1], members: [0, 1] }))
  expect(phases.map(({ phase, state }) => [phase, state])).toEqual([
    ['workspace', 'done'],
    ['members', 'running'],
    ['groups', 'to-come'],
    ['projects', 'to-come'],
    ['repositories', 'to-come'],
    ['project-permissions', 'to-come'],
    ['repository-permissions', 'to-come'],
  ])
  expect(scopesOf(phases)).toEqual({ done: 0, total: null })
})

test('a targeted one, and any that is over, shows what it has had', () => {
  const targeted = phasesOf(syncOf('targeted', 'running', { 'repository-permissions': [1, 4] }))
  expect(targeted.map(({ phase, state }) => [phase, state])).toEqual([['repository-permissions', 'running']])
  expect(scopesOf(targeted)).toEqual({ done: 1, total: 4 })
  expect(phasesOf(syncOf('full', 'cancelled', { workspace: [1, 1] })).map(({ phase }) => phase)).toEqual(['workspace'])
  expect(phasesOf(syncOf('full', 'requested')).every(({ state }) => state === 'to-come')).toBe(true)
})

test('progress is said in scopes', () => {
  const [workspace, members, groups] = phasesOf(syncOf('full', 'running', { workspace: [1, 1] })).map((phase) =>
    sayPhase(phase, String),
  )
  expect([workspace, members, groups]).toEqual(['done', 'counting', 'to come'])
  const [permissions] = phasesOf(syncOf('targeted', 'running', { 'repository-permissions': [120, 900] }))
  expect(permissions && sayPhase(permissions, String)).toBe('120 of 900')
})
