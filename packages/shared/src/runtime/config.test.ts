import { expect, test } from 'vitest'
import { z } from 'zod'
import { httpUrl, loadConfig, variable, wholeNumber } from './config.ts'
import { ConfigError } from './errors.ts'
import { bitbucketUrls, bitbucketVariables, kafkaVariables, masterKeyVariables, redisVariables } from './variables.ts'

const variables = {
  PORT: variable({ schema: wholeNumber(1, 65_535), description: 'The port.', example: '8080', default: '8080' }),
  URL: variable({ schema: httpUrl(), description: 'Where it is.', example: 'http://localhost', default: null }),
  NAME: variable({ schema: z.string(), description: 'A name.', example: 'acme', default: null }),
}

test('values are parsed, defaults hold, an empty value counts as not set', () => {
  expect(loadConfig(variables, { URL: 'https://example.test/', NAME: 'acme', PORT: '' })).toEqual({
    PORT: 8080,
    URL: 'https://example.test',
    NAME: 'acme',
  })
})

test('every mistake is told at once, with the name of the variable and what to write', () => {
  const load = () => loadConfig(variables, { PORT: '99999', URL: 'ftp://x' })
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(
    /PORT: is not between 1 and 65535.*\n.*URL: is not an http.*\n.*NAME: is not set\. A name\. For example: acme/,
  )
})

test.each([
  ['REDIS_URL', redisVariables, 'localhost'],
  ['SHARDS', redisVariables, '0'],
  ['MASTER_KEY', masterKeyVariables, 'c2hvcnQ='],
  ['KAFKA_BROKERS', kafkaVariables, 'localhost'],
  ['BITBUCKET_URL', bitbucketVariables, 'http://localhost:1/api'],
])('%s refuses what cannot work', (name, declared, value) => {
  const load = () => loadConfig(declared, { REDIS_URL: 'redis://x', KAFKA_BROKERS: 'x:1', [name]: value })
  expect(load).toThrow(new RegExp(`${name}: `))
})

test('a secret prints nothing of itself', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  const { MASTER_KEY } = loadConfig(masterKeyVariables, { MASTER_KEY: key })
  expect(MASTER_KEY.reveal()).toBe(key)
  expect(`${MASTER_KEY} ${JSON.stringify({ MASTER_KEY })}`).not.toContain(key)
})

test('further master keys are told apart by commas; a mistake in one is told by its place, never by what stands there', () => {
  const [key, other] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64'))
  const load = (previous: string) => loadConfig(masterKeyVariables, { MASTER_KEY: key, MASTER_KEYS_PREVIOUS: previous })
  expect(load('').MASTER_KEYS_PREVIOUS).toEqual([])
  expect(load(`${key}, ${other}`).MASTER_KEYS_PREVIOUS.map((one) => one.reveal())).toEqual([key, other])
  expect(() => load(`${key},half-a-key`)).toThrow(/MASTER_KEYS_PREVIOUS: key 2 is not 32 bytes in base64/)
  expect(() => load(`${key},half-a-key`)).not.toThrow(/half-a-key/)
})

test('a URL with a login is kept secret, and one that cannot be read is told without a word of it', () => {
  const load = (url: string) => loadConfig(redisVariables, { REDIS_URL: url }).REDIS_URL
  const url = 'redis://clarity:pass%23word@localhost:6379/0'
  expect(load(url).reveal()).toBe(url)
  expect(`${load(url)} ${JSON.stringify(load(url))}`).not.toContain('pass')
  for (const login of ['clarity:planted#word', 'clarity:planted%word', 'clarity:planted/word']) {
    expect(() => load(`redis://${login}@localhost:6379`)).toThrow(/REDIS_URL: .* percent-encoded/)
    expect(() => load(`redis://${login}@localhost:6379`)).not.toThrow(/planted/)
  }
})

test("Bitbucket's own hosts stand unless one base URL is given for both", () => {
  expect(bitbucketUrls('')).toEqual({
    api: 'https://api.bitbucket.org',
    token: 'https://bitbucket.org/site/oauth2/access_token',
  })
  expect(bitbucketUrls('http://localhost:1').token).toBe('http://localhost:1/site/oauth2/access_token')
})
