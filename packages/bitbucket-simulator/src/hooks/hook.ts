import { z } from 'zod'
import type { Json, JsonObject } from '../http/json.ts'
import { type EventKey, hookEvents } from './events.ts'

/** A webhook of a workspace. */
export interface Hook {
  readonly uuid: string
  readonly createdAt: string
  description: string
  url: string
  active: boolean
  events: readonly string[]
  /** Never shown again. */
  secret: string | null
}

/** What a client sends to make a webhook, or to change one. */
export const HookInput = z.object({
  description: z.string().default(''),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  active: z.boolean().default(true),
  events: z
    .array(z.enum(hookEvents.map(({ event }) => event)))
    .min(1, 'must name at least one event')
    .transform((events) => [...new Set(events)]),
  secret: z.string().max(128, 'must have at most 128 characters').nullish(),
})
export type HookInput = z.infer<typeof HookInput>

/** Whether the webhook wants to be told of such an event. */
export function wants({ active, events }: Hook, event: EventKey): boolean {
  return active && events.includes(event)
}

/** The webhook as it is read back. */
export function toSubscription(hook: Hook, subject: Json): JsonObject {
  return {
    type: 'webhook_subscription',
    uuid: hook.uuid,
    url: hook.url,
    description: hook.description,
    subject_type: 'workspace',
    subject,
    active: hook.active,
    created_at: hook.createdAt,
    events: hook.events,
    secret_set: hook.secret !== null,
  }
}
