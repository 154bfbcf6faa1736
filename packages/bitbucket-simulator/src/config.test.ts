import { expect, test } from 'vitest'
import { parseEnvironment } from './config.ts'

test('an empty environment gives the demo', () => {
  expect(parseEnvironment({ PORT: '', PATH: '/bin' })).toMatchObject({
    state: 'valid',
    environment: { PORT: 7990, SIMULATOR_WORKSPACE: 'acme', SIMULATOR_USERS: 40, SIMULATOR_REQUESTS_PER_HOUR: 1000 },
  })
})

test('every mistake is listed with the name and the remedy', () => {
  expect(parseEnvironment({ PORT: '70000', SIMULATOR_WORKSPACE: 'No Slug', SIMULATOR_USERS: 'many' })).toEqual({
    state: 'invalid',
    mistakes: [
      'PORT must be a whole number from 0 to 65535, for example 7990',
      'SIMULATOR_WORKSPACE must be lower-case letters, digits, dashes and underscores',
      'SIMULATOR_USERS must be a whole number from 1 to 100000, for example 40',
    ],
  })
})
