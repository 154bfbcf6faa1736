import { expect, it } from 'vitest'
import { labelOf, stepOf, toFieldName } from './fields.ts'

it.each([
  ['name', 'name', 'connect-app'],
  ['credential', 'key', 'connect-app'],
  ['credential.secret', 'secret', 'connect-app'],
  ['moreCredentials.2', 'moreCredentials.2.key', 'connect-app'],
  ['moreCredentials.0.token', 'moreCredentials.0.secret', 'connect-app'],
  ['schedule.timeZone', 'timeZone', 'app-settings'],
  ['schedule.pattern', 'pattern', 'app-settings'],
  ['include', 'projects', 'app-settings'],
  ['include.repositories.3', 'repositories', 'app-settings'],
  ['removalLimit.count', 'removalCount', 'app-settings'],
  ['attributes.0', 'attributes', 'user-settings'],
] as const)('finds for %s the field %s of %s', (path, field, step) => {
  expect(toFieldName(path)).toBe(field)
  expect(stepOf(field)).toBe(step)
  expect(labelOf(field)).not.toBe('')
})

it('finds none for what is typed nowhere', () => {
  expect(toFieldName('nameless')).toBeNull()
  expect(toFieldName('body')).toBeNull()
})
