import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type RunningKafka, startKafka } from '@clarity/launcher/kafka'
import { freePorts } from '@clarity/launcher/ports'
import { loadConfig } from '@clarity/shared/runtime/config'
import { DependencyError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { kafkaVariables } from '@clarity/shared/runtime/variables'
import { notRun } from '@clarity/testkit/not-run'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { connectOnce, createKafka } from './kafka.ts'

const password = 'only-for-this-test'
const wrong = 'not-the-password'
const dir = mkdtempSync(join(tmpdir(), 'kafka-security-'))
const [tlsPort = 0, saslPort = 0] = await freePorts(2)
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const kafka = hasOpenssl ? await startSecuredKafka() : null

beforeEach((context) => {
  if (kafka === null) notRun(context, 'openssl is not installed')
})
afterAll(async () => {
  await kafka?.process.stop()
  rmSync(dir, { recursive: true })
})

/** One that asks for a certificate of `client` at one port, and for a login of `writer` or `reader` at the other. */
async function startSecuredKafka(): Promise<RunningKafka> {
  for (const name of ['broker', 'client', 'stranger']) createCertificate(name)
  // A broker reads the key and the certificate from one file.
  writeFileSync(at('broker-store.pem'), readFileSync(at('broker.key'), 'utf8') + readFileSync(at('broker.pem'), 'utf8'))
  const module = (name: string) => `org.apache.kafka.common.security.${name}LoginModule required`
  const properties = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': at('broker-store.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': at('client.pem'),
    'listener.name.ssl.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${module('scram.Scram')};`,
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${module('plain.Plain')} user_reader="${password}";`,
  }
  const scramUsers = [`SCRAM-SHA-512=[name=writer,password=${password}]`]
  return startKafka({
    dir: at('kafka'),
    secured: { ports: { SSL: tlsPort, SASL_SSL: saslPort }, properties, scramUsers },
  })
}

function at(file: string): string {
  return join(dir, file)
}

/** `<name>.key` and `<name>.pem`, which nobody else has signed. */
function createCertificate(name: string): void {
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = spawnSync('openssl', [...kind, ...names, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)])
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`)
}

const trusting = { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: at('broker.pem') }
const login = (mechanism: string, user: string, withPassword = password) => ({
  KAFKA_BROKERS: `127.0.0.1:${saslPort}`,
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: withPassword,
})
const certified = (name: string) => ({
  KAFKA_BROKERS: `127.0.0.1:${tlsPort}`,
  KAFKA_TLS_CERT_FILE: at(`${name}.pem`),
  KAFKA_TLS_KEY_FILE: at(`${name}.key`),
})

async function listTopics(env: Record<string, string>): Promise<string[]> {
  const log = createLog({ service: 'test', version: '0', level: 'silent' })
  const admin = createKafka(loadConfig(kafkaVariables, env), log).admin()
  let topics: string[] = []
  await connectOnce(admin, async () => {
    topics = await admin.listTopics()
  })
  await admin.disconnect()
  return topics
}

test.each([
  ['TLS and SCRAM-SHA-512', { ...trusting, ...login('scram-sha-512', 'writer') }],
  ['TLS and PLAIN', { ...trusting, ...login('plain', 'reader') }],
  ['TLS and a certificate', { ...trusting, ...certified('client') }],
  ['nothing at all, where nothing is wanted', { KAFKA_BROKERS: `127.0.0.1:${kafka?.port}` }],
])('with %s Kafka lets us in', async (_what, env) => {
  expect(await listTopics(env)).toEqual([])
})

test.each([
  ['a wrong password', { ...trusting, ...login('scram-sha-512', 'writer', wrong) }, 'KAFKA_SASL_PASSWORD'],
  ['a wrong password with PLAIN', { ...trusting, ...login('plain', 'reader', wrong) }, 'KAFKA_SASL_PASSWORD'],
  ['a mechanism that Kafka has not', { ...trusting, ...login('scram-sha-256', 'writer') }, 'KAFKA_SASL_MECHANISM'],
  ['no login', { ...trusting, ...login('', '', '') }, 'KAFKA_SASL_MECHANISM'],
  [
    'a login where none is wanted',
    { ...trusting, ...login('plain', 'reader'), ...certified('client') },
    'KAFKA_SASL_MECHANISM',
  ],
  ['an unknown authority', { ...login('scram-sha-512', 'writer'), KAFKA_TLS: 'true' }, 'KAFKA_TLS_CA_FILE'],
  ['no certificate', { ...trusting, KAFKA_BROKERS: `127.0.0.1:${tlsPort}` }, 'KAFKA_TLS_CERT_FILE'],
  ["a stranger's certificate", { ...trusting, ...certified('stranger') }, 'KAFKA_TLS_CERT_FILE'],
  ['no TLS', login('scram-sha-512', 'writer'), 'KAFKA_TLS'],
])('%s is refused, and the operator is told what to correct but no password', async (_what, env, variable) => {
  const error = await listTopics(env).then(
    () => 'let in',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DependencyError)
  expect(error).toHaveProperty('remedy', expect.stringMatching(new RegExp(`${variable}\\b`)))
  const logged = inspect(error, { depth: 10 })
  expect(logged).toContain('[cause]')
  expect(logged).not.toContain(password)
  expect(logged).not.toContain(wrong)
})
