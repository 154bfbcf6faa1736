// Starts the servers of a test run, each once and only when a project that needs it has tests to run: vitest calls this
// for each such project in turn, and what was provided on the root project is there for the next one.

import { appendFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { type AcquiredServer, acquireKafka, acquirePostgres, acquireRedis } from './servers.ts'

type Vitest = TestProject['vitest']
type Server = 'redisUrl' | 'kafkaBrokers' | 'postgresUrl'

/** What the tests of each project need; all of it where a project is not named. */
const needs: Readonly<Record<string, readonly Server[]>> = {
  redis: ['redisUrl'],
  kafka: ['redisUrl', 'kafkaBrokers'],
  postgres: ['kafkaBrokers', 'postgresUrl'],
  console: ['kafkaBrokers'],
}
const provide: Readonly<Record<Server, (vitest: Vitest) => Promise<AcquiredServer>>> = {
  redisUrl: provideRedis,
  kafkaBrokers: provideKafka,
  postgresUrl: providePostgres,
}
const allServers: readonly Server[] = ['redisUrl', 'kafkaBrokers', 'postgresUrl']

/** Provides the servers that the project needs and that are not there yet; gives the function that releases them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { vitest } = project
  const provided: Partial<Record<Server, unknown>> = vitest.getProvidedContext()
  const missing = (needs[project.name] ?? allServers).filter((server) => provided[server] === undefined)
  const wanted = missing.map((server) => provide[server](vitest))
  const outcomes = await Promise.allSettled(wanted)
  const servers = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value)
  const release = async () => {
    await Promise.all(servers.map((server) => server.release()))
  }
  const errors = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason)
  if (errors.length === 0) return release
  await release()
  throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(String).join('\n'))
}

async function provideRedis(vitest: Vitest): Promise<AcquiredServer> {
  const redis = await acquireRedis()
  vitest.provide('redisUrl', redis.url)
  await record('Redis', redis)
  return redis
}

async function provideKafka(vitest: Vitest): Promise<AcquiredServer> {
  const kafka = await acquireKafka()
  vitest.provide('kafkaBrokers', kafka.brokers)
  await record('Kafka', kafka)
  return kafka
}

async function providePostgres(vitest: Vitest): Promise<AcquiredServer> {
  const postgres = await acquirePostgres()
  vitest.provide('postgresUrl', postgres.url)
  await record('PostgreSQL', postgres)
  return postgres
}

/** Notes for whoever started the run which servers it had, as a line of JSON each in the file that it names. */
async function record(server: string, { how, reason }: AcquiredServer): Promise<void> {
  const file = process.env.TEST_SERVERS_FILE
  if (file) await appendFile(file, `${JSON.stringify({ server, how, reason })}\n`)
}
