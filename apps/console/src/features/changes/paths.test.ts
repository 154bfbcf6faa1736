import { expect, test } from 'vitest'
import { describePath } from './paths.ts'

const member = { edge: 'assigned', node: 'group:platform#member' }

test.each([
  ['direct', [], 'write, assigned directly'],
  ['group', [member], 'write, through the group platform'],
  ['project', [], 'write, through the project, assigned there directly'],
  ['project-group', [member], 'write, through the project and the group platform'],
  ['workspace-owner', [], 'write, as an owner of the workspace'],
] as const)('a way by %s in words', (via, steps, text) => {
  expect(describePath({ via, level: 'write', steps: [{ node: 'user:1' }, ...steps] })).toBe(text)
})
