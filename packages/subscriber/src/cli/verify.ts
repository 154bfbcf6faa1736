import { randomUUID } from 'node:crypto'
import { StreamVerification } from '@clarity/shared/contract/verification'
import { type AccessEvent, type KafkaAccess, LiveView } from '../index.ts'
import type { TailOptions } from './options.ts'

/** How long the event may take before it counts as lost. */
const timeoutMs = 60_000

/** Asks the API for a verification event and waits for it in the stream: the whole way works, and how long it takes. */
export async function verifyStream(
  options: TailOptions,
  access: KafkaAccess,
  say: (text: string) => void,
): Promise<void> {
  const text = `tail ${randomUUID()}`
  const arrived = Promise.withResolvers<AccessEvent>()
  const onEvent = (event: AccessEvent) => {
    if (event.name === 'stream.verification' && event.data.text === text) arrived.resolve(event)
  }
  await using view = new LiveView({ ...access, topicPrefix: options.prefix, onEvent })
  await view.start()
  const askedAt = performance.now()
  const { sequence } = await ask(options, text)
  const toldMs = Math.round(performance.now() - askedAt)
  say(`asked: the event has the number ${sequence} of ${options.connection} (the API took ${toldMs} ms)`)
  const timer = setTimeout(
    () => arrived.reject(new Error('It did not arrive within a minute: is a publisher running?')),
    timeoutMs,
  )
  const event = await arrived.promise.finally(() => clearTimeout(timer))
  const tookMs = Math.round(performance.now() - askedAt)
  say(`arrived after ${tookMs} ms as ${event.id}; all that was told before is before it`)
}

async function ask({ api, connection }: TailOptions, text: string): Promise<StreamVerification> {
  const key = process.env.CLARITY_API_KEY ?? ''
  const response = await fetch(`${api}/v1/connections/${connection}/stream-verifications`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  const body: unknown = await response.json()
  if (response.status === 202) return StreamVerification.parse(body)
  const { detail, remedy } = Object(body)
  throw new Error(`The API answers ${response.status}: ${detail}. ${remedy}`)
}
