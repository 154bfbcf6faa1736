import { createHmac, timingSafeEqual } from 'node:crypto'
import { bareUuid, type ScopeId } from '@clarity/shared/contract/ids'
import { z } from 'zod'

/**
 * What Bitbucket delivers to a webhook, and which scopes it hints at. No event tells of a permission (api.md, section 10); those
 * here say that a list or a resource has changed. They come at most three times, unordered, or not at all.
 */

/** The events that a webhook should be given; all others say nothing about access. */
export const webhookEvents = [
  'repo:created',
  'repo:deleted',
  'repo:imported',
  'repo:transfer',
  'repo:updated',
  'project:updated',
] as const
const WebhookEvent = z.enum(webhookEvents)

const Payload = z.object({
  repository: z.object({ uuid: z.string().max(64) }).optional(),
  project: z.object({ uuid: z.string().max(64) }).optional(),
})

export interface Hint {
  /** A list of the workspace that has probably changed. */
  readonly list: ScopeId | null
  /** A project or repository whose permissions have probably changed; whether it is known is not looked at. */
  readonly resource: ScopeId | null
}

/** What a delivery hints at; null for one that says nothing about access. */
export function hintOf(eventKey: string, payload: unknown): Hint | null {
  const event = WebhookEvent.safeParse(eventKey)
  const parsed = Payload.safeParse(payload)
  if (!event.success || !parsed.success) return null
  const { repository, project } = parsed.data
  if (event.data === 'project:updated') {
    return { list: 'workspace/projects', resource: project ? `project/${bareUuid(project.uuid)}` : null }
  }
  // One that was changed is on the list already; one that came, went or moved is not, or is there no more.
  const list = event.data === 'repo:updated' ? null : ('workspace/repositories' as const)
  return { list, resource: repository ? `repository/${bareUuid(repository.uuid)}` : null }
}

/** Whether a body is signed with the secret, compared in a time that tells nothing. The digest is SHA-256 in hex. */
export function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const [, given] = /^sha256=([0-9a-f]{64})$/.exec(signature) ?? []
  const expected = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(expected, given === undefined ? Buffer.alloc(expected.length) : Buffer.from(given, 'hex'))
}
