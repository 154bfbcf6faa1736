// Starts the servers of a test run, each once and only when a project that needs it has tests to run: vitest calls this
// for each such project in turn, and what was provided on the root project is there for the next one.

import { appendFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { type AcquiredServer, acquireKafka, acquireRedis } from './servers.ts'

/** Provides `redisUrl`, and `kafkaBrokers` for all projects but `redis`; gives the function that releases them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { vitest } = project
  const provided: { redisUrl?: string; kafkaBrokers?: string[] } = vitest.getProvidedContext()
  const wanted: Promise<AcquiredServer>[] = []
  if (provided.redisUrl === undefined) wanted.push(provideRedis(vitest))
  if (provided.kafkaBrokers === undefined && project.name !== 'redis') wanted.push(provideKafka(vitest))
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

async function provideRedis(vitest: TestProject['vitest']): Promise<AcquiredServer> {
  const redis = await acquireRedis()
  vitest.provide('redisUrl', redis.url)
  await record('Redis', redis)
  return redis
}

async function provideKafka(vitest: TestProject['vitest']): Promise<AcquiredServer> {
  const kafka = await acquireKafka()
  vitest.provide('kafkaBrokers', kafka.brokers)
  await record('Kafka', kafka)
  return kafka
}

/** Notes for whoever started the run which servers it had, as a line of JSON each in the file that it names. */
async function record(server: string, { how, reason }: AcquiredServer): Promise<void> {
  const file = process.env.TEST_SERVERS_FILE
  if (file) await appendFile(file, `${JSON.stringify({ server, how, reason })}\n`)
}
