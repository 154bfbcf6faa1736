import { createHmac } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import type { EventKey } from './events.ts'
import type { Hook } from './hook.ts'

/** One event for one webhook, and what came of it. */
export interface Delivery {
  readonly hookUuid: string
  readonly event: EventKey
  readonly requestUuid: string
  /** ISO 8601, by the simulator's clock. */
  readonly at: string
  /** The status that each attempt was answered with; null for none. */
  readonly attempts: (number | null)[]
  state: 'under way' | 'delivered' | 'lost' | 'too large'
}

export interface Deliveries {
  /** Begins to deliver; it goes on by itself. */
  deliver(hook: Hook, event: EventKey, payload: unknown): void
  /** The latest deliveries, oldest first. */
  log(): readonly Delivery[]
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  /** Ends what is under way. */
  close(): Promise<void>
}

export interface DeliveriesOptions {
  readonly clock: SimulatorClock
  readonly newUuid: () => string
  readonly timeoutMs?: number
}

const attemptsMax = 3
const bytesMax = 256 * 1024
const logMax = 1_000

/** What signs a body: the hex HMAC-SHA256 of its bytes under the secret of the webhook. */
export function signatureOf(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/**
 * Delivers as Bitbucket does: ten seconds to answer; after a 5xx, a time-out or no connection up to two more attempts, and then
 * never again. Nothing is said of order, and what is too large is not sent.
 */
export function createDeliveries({ clock, newUuid, timeoutMs = 10_000 }: DeliveriesOptions): Deliveries {
  const log: Delivery[] = []
  const running = new Set<Promise<void>>()
  const closing = new AbortController()

  const send = async (hook: Hook, delivery: Delivery, body: string): Promise<void> => {
    while (delivery.attempts.length < attemptsMax && !closing.signal.aborted) {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)])
      const headers = headersOf(hook, delivery, body)
      // Whoever does not answer is tried again, for whatever reason: the log shows that nothing came.
      const status = await post(hook.url, { headers, body, signal }).catch(() => null)
      delivery.attempts.push(status)
      if (status !== null && status < 500) {
        delivery.state = 'delivered'
        return
      }
    }
    delivery.state = 'lost'
  }

  return {
    deliver(hook, event, payload) {
      const body = JSON.stringify(payload)
      const delivery: Delivery = {
        hookUuid: hook.uuid,
        event,
        requestUuid: newUuid(),
        at: new Date(clock.now()).toISOString(),
        attempts: [],
        state: 'under way',
      }
      log.push(delivery)
      if (log.length > logMax) log.shift()
      if (Buffer.byteLength(body) > bytesMax) {
        delivery.state = 'too large'
        return
      }
      const sending = send(hook, delivery, body).finally(() => running.delete(sending))
      running.add(sending)
    },
    log: () => log,
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
    async close() {
      closing.abort()
      await this.settled()
    },
  }
}

async function post(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual' })
  await response.body?.cancel()
  return response.status
}

function headersOf({ uuid, secret }: Hook, { event, requestUuid, attempts }: Delivery, body: string) {
  return {
    'content-type': 'application/json',
    'user-agent': 'Bitbucket-Webhooks/2.0',
    'x-event-key': event,
    'x-hook-uuid': uuid.slice(1, -1),
    'x-request-uuid': requestUuid,
    'x-attempt-number': String(attempts.length + 1),
    ...(secret === null ? {} : { 'x-hub-signature': signatureOf(secret, body) }),
  }
}
