#!/usr/bin/env node
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pico from 'picocolors'
import {
  type AccessEvent,
  type AccessState,
  applyEvent,
  createSubscriber,
  emptyState,
  type KafkaAccess,
  LiveView,
} from '../index.ts'
import { isWanted, toJsonLine, toLine } from './format.ts'
import { readOptions, type TailOptions, UsageError, usage } from './options.ts'
import { verifyStream } from './verify.ts'

/** The feed for people: what changes, as it comes. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) return say(usage)
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  const access = { brokers: options.brokers, ...readSecurity(process.env) }
  if (options.verify) return verifyStream(options, access, say)
  await using _feed = await openFeed(options, access)
  if (!options.json) note(`following ${options.prefix}.changes at ${options.brokers.join(', ')}; Ctrl-C ends it`)
  await stopped
}

function openFeed(options: TailOptions, access: KafkaAccess): Promise<AsyncDisposable> {
  const show = (event: AccessEvent, before: AccessState) => {
    if (isWanted(event, before, options)) say(options.json ? toJsonLine(event) : toLine(event, before, pico))
  }
  return options['from-beginning'] ? openHistory(options, access, show) : openView(options, access, show)
}

type Show = (event: AccessEvent, before: AccessState) => void

async function openView(options: TailOptions, access: KafkaAccess, show: Show): Promise<AsyncDisposable> {
  const view = new LiveView({ ...access, topicPrefix: options.prefix, onEvent: show, onFailure: warn })
  await view.start()
  return view
}

/** From the oldest event on: what was before it may be gone, so names are told as far as they are known. */
async function openHistory(options: TailOptions, access: KafkaAccess, show: Show): Promise<AsyncDisposable> {
  const states = new Map<string, AccessState>()
  const subscriber = createSubscriber({
    ...access,
    topicPrefix: options.prefix,
    groupId: `clarity-tail.${randomUUID()}`,
    handlers: {
      onEvent: (event) => {
        const state = states.get(event.connectionId) ?? { ...emptyState(), isIncomplete: true }
        states.set(event.connectionId, state)
        show(event, state)
        applyEvent(state, event)
      },
      onGap: ({ connectionId, expected, found }) => note(`${connectionId}: ${expected} to ${found - 1n} are missing`),
      onInvalid: (reason, { partition, offset }) => note(`the record at ${partition}/${offset} is invalid: ${reason}`),
      onFailure: warn,
    },
  })
  await subscriber.start()
  return subscriber
}

/** TLS and login, as the services take them. */
function readSecurity(env: NodeJS.ProcessEnv): Pick<KafkaAccess, 'ssl' | 'sasl'> {
  const { KAFKA_TLS, KAFKA_TLS_CA_FILE: ca, KAFKA_SASL_MECHANISM: mechanism } = env
  const login = { username: env.KAFKA_SASL_USERNAME ?? '', password: env.KAFKA_SASL_PASSWORD ?? '' }
  return {
    ...(KAFKA_TLS === 'true' && { ssl: ca ? { ca: readFileSync(ca, 'utf8') } : {} }),
    ...(mechanism === 'plain' && { sasl: { mechanism, ...login } }),
    ...(mechanism === 'scram-sha-256' && { sasl: { mechanism, ...login } }),
    ...(mechanism === 'scram-sha-512' && { sasl: { mechanism, ...login } }),
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Beside the events, so that these can be piped. */
function note(text: string): void {
  process.stderr.write(`${pico.dim(text)}\n`)
}

function warn(error: Error, goesOn: boolean): void {
  note(goesOn ? `${error.message}; it is tried again` : `it has ended: ${error.message}`)
  if (!goesOn) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  process.exitCode = 1
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  if (error instanceof UsageError) process.stderr.write('\n--help tells all options.\n')
}
