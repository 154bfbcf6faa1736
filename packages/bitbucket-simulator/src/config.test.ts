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

test('a limit is a number or unlimited, and the life of tokens is left to the era', () => {
  const given = { SIMULATOR_REQUESTS_PER_HOUR: 'unlimited', SIMULATOR_REQUESTS_IN_FLIGHT: '5' }
  const parsed = parseEnvironment(given)
  expect(parsed).toMatchObject({
    state: 'valid',
    environment: { SIMULATOR_REQUESTS_PER_HOUR: null, SIMULATOR_REQUESTS_IN_FLIGHT: 5 },
  })
  expect(parsed).not.toHaveProperty('environment.SIMULATOR_TOKEN_LIFE_SECONDS')
})

test.each([
  [{ SIMULATOR_REQUESTS_PER_HOUR: '0' }, 'SIMULATOR_REQUESTS_PER_HOUR must be a whole number'],
  [{ BITBUCKET_ERA: '2020' }, 'BITBUCKET_ERA must be one of 2026, legacy'],
  [{ SIMULATOR_CLOCK: 'sun' }, 'SIMULATOR_CLOCK must be system or manual'],
  [{ BITBUCKET_OPENAPI: '/no/such/file' }, 'BITBUCKET_OPENAPI must be the path of a file'],
  [{ SIMULATOR_TLS_KEY: import.meta.filename }, 'SIMULATOR_TLS_KEY and SIMULATOR_TLS_CERT belong together'],
])('%o is a mistake', (env, mistake) => {
  expect(parseEnvironment(env)).toEqual({ state: 'invalid', mistakes: [expect.stringContaining(mistake)] })
})
