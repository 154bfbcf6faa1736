import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { notRun } from '@clarity/testkit/not-run'
import { afterAll, expect, test } from 'vitest'
import { loadConfig } from './config.ts'
import { ConfigError } from './errors.ts'
import { kafkaSecurityVariables, toKafkaSecurity } from './kafka-security.ts'

const dir = mkdtempSync(join(tmpdir(), 'kafka-security-'))
afterAll(() => rmSync(dir, { recursive: true }))
const at = (file: string) => join(dir, file)
writeFileSync(at('text.pem'), 'this is no PEM')

const password = 'only-for-this-test'
const tls = { KAFKA_TLS: 'true' }
const user = { KAFKA_SASL_USERNAME: 'writer', KAFKA_SASL_PASSWORD: password }
const load = (env: Record<string, string>) => toKafkaSecurity(loadConfig(kafkaSecurityVariables, env))

function errorOf(env: Record<string, string>): unknown {
  try {
    return load(env)
  } catch (error) {
    return error
  }
}

/** `<name>.key` and `<name>.pem`; false when openssl is not there. */
function createCertificate(name: string): boolean {
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const files = ['-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]
  return spawnSync('openssl', [...kind, ...files]).status === 0
}

test('without any of the variables Kafka is spoken to as it always was', () => {
  expect(load({})).toEqual({})
})

test('TLS alone trusts whom Node trusts', () => {
  expect(load(tls)).toEqual({ ssl: {} })
})

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('%s goes to kafkajs with user and password', (mechanism) => {
  const sasl = { mechanism, username: 'writer', password }
  expect(load({ ...tls, ...user, KAFKA_SASL_MECHANISM: mechanism })).toEqual({ ssl: {}, sasl })
})

test('SCRAM goes without TLS, for it does not show the password', () => {
  expect(load({ ...user, KAFKA_SASL_MECHANISM: 'scram-sha-512' })).not.toHaveProperty('ssl')
})

test.each([
  ['KAFKA_TLS_CA_FILE', 'a file that is not there', { ...tls, KAFKA_TLS_CA_FILE: at('none.pem') }],
  ['KAFKA_TLS_CA_FILE', 'a file that holds no certificate', { ...tls, KAFKA_TLS_CA_FILE: at('text.pem') }],
  ['KAFKA_TLS_CA_FILE', 'a file that nothing would use', { KAFKA_TLS_CA_FILE: at('none.pem') }],
  ['KAFKA_TLS_KEY_FILE', 'a certificate without its key', { ...tls, KAFKA_TLS_CERT_FILE: at('none.pem') }],
  ['KAFKA_TLS_CERT_FILE', 'a key without its certificate', { ...tls, KAFKA_TLS_KEY_FILE: at('none.pem') }],
  ['KAFKA_SASL_USERNAME', 'no user', { ...tls, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: password }],
  ['KAFKA_SASL_PASSWORD', 'no password', { ...tls, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'writer' }],
  ['KAFKA_SASL_MECHANISM', 'user and password without a mechanism', { ...tls, ...user }],
  ['KAFKA_SASL_MECHANISM', 'a password in clear', { ...user, KAFKA_SASL_MECHANISM: 'plain' }],
  ['KAFKA_SASL_MECHANISM', 'a mechanism that is unknown', { ...tls, ...user, KAFKA_SASL_MECHANISM: 'gssapi' }],
  ['KAFKA_TLS', 'a word that is neither true nor false', { KAFKA_TLS: 'yes' }],
])('%s: %s is refused with a remedy and without the password', (field, _what, env) => {
  const error = errorOf(env)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toHaveProperty(
    'mistakes',
    expect.arrayContaining([
      { field, message: expect.any(String), remedy: expect.stringMatching(/KAFKA_|For example: /) },
    ]),
  )
  expect(inspect(error, { depth: 5 })).not.toContain(password)
})

test('all mistakes are told at once', () => {
  const error = errorOf({ ...user, KAFKA_SASL_MECHANISM: 'plain', KAFKA_TLS_CERT_FILE: at('none.pem') })
  const fields = error instanceof ConfigError ? error.mistakes.map(({ field }) => field) : []
  expect(new Set(fields)).toEqual(new Set(['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE', 'KAFKA_SASL_MECHANISM']))
})

test('authority, certificate and key go to kafkajs as they stand in the files, but only a key that fits', (context) => {
  if (!['one', 'other'].every(createCertificate)) notRun(context, 'openssl is not installed')
  const files = { ...tls, KAFKA_TLS_CA_FILE: at('other.pem'), KAFKA_TLS_CERT_FILE: at('one.pem') }
  const begins = (what: string) => expect.stringMatching(new RegExp(`^-----BEGIN ${what}-----`))
  expect(load({ ...files, KAFKA_TLS_KEY_FILE: at('one.key') })).toEqual({
    ssl: { ca: begins('CERTIFICATE'), cert: begins('CERTIFICATE'), key: begins('PRIVATE KEY') },
  })
  expect(errorOf({ ...files, KAFKA_TLS_KEY_FILE: at('other.key') })).toHaveProperty('mistakes', [
    expect.objectContaining({ field: 'KAFKA_TLS_KEY_FILE' }),
  ])
})
