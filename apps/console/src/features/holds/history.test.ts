import { eventExamples } from '@clarity/shared/contract/event-examples'
import { expect, test } from 'vitest'
import { toStory } from './history.ts'

const { data: held } = eventExamples['sync.held']
const { data: released } = eventExamples['sync.released']
const record = {
  at: '2026-11-23T10:15:02.114Z',
  action: 'removals.approved',
  actor: { kind: 'api-key', id: 'key_1', name: 'Example Administrator' },
  target: { kind: 'sync', id: 'syn_88' },
  reason: 'The team was dissolved',
}

test('that removals were held is told with how many of how many', () => {
  expect(toStory({ name: 'sync.held', data: held }, [])).toEqual({
    ...{ type: 'held', at: held.observedAt, removals: 413, of: 2_950, share: 0.14 },
  })
})

test('a decision is told with who made it and why', () => {
  const by = { name: 'Example Administrator', reason: 'The team was dissolved' }
  expect(toStory({ name: 'sync.released', data: released }, [record])).toEqual({
    ...{ type: 'decided', at: released.observedAt, decision: 'approved', removed: 413, kept: 0, by },
  })
})

test('nobody is named for what nobody has decided, nor for the decision of another time or kind', () => {
  const nobody = { by: null }
  const expired = { ...released, decision: 'expired' as const }
  expect(toStory({ name: 'sync.released', data: expired }, [record])).toMatchObject(nobody)
  const later = { ...record, at: '2026-11-23T11:15:02.114Z' }
  expect(toStory({ name: 'sync.released', data: released }, [later])).toMatchObject(nobody)
  const rejected = { ...record, action: 'removals.rejected' }
  expect(toStory({ name: 'sync.released', data: released }, [rejected])).toMatchObject(nobody)
})

test('another event is none of its stories', () => {
  expect(toStory({ name: 'sync.completed', data: eventExamples['sync.completed'].data }, [])).toBeNull()
  expect(toStory({ name: 'sync.held', data: {} }, [])).toBeNull()
})
