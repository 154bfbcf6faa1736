import { z } from 'zod'
import {
  type Actor,
  type AuditAction,
  AuditedFields,
  type AuditId,
  type AuditRecord,
  type AuditTargetKind,
  auditName,
  type PendingAudit,
} from './audit.ts'
import type { ConnectionId, TenantId } from './ids.ts'

/**
 * What an audit record may say of each kind of target. What is not named here is left out, at any depth: a secret has no field in
 * which it could stand, and of people there are ids alone. A whole connection, key or tenant can be given as it is.
 */

const text = z.string()
const texts = z.array(text)
const counts = z.record(text, z.int())
const credential = z.object({ kind: text, key: text })

const fields = {
  connection: z.object({
    name: text,
    uniqueIdentifier: text,
    workspace: z.object({ uuid: text, slug: text, name: text }),
    schedule: z.object({
      mode: text,
      minutes: z.int().optional(),
      pattern: text.optional(),
      timeZone: text.optional(),
      kind: text.optional(),
    }),
    appOwners: texts,
    include: z.object({ projects: texts.nullable(), repositories: texts.nullable() }),
    publishLevels: text,
    removalLimit: z.object({ share: z.number(), count: z.int() }),
    confirmEmails: z.boolean(),
    attributes: texts,
    paused: z.boolean(),
    // What it is known by: nothing can be done with it.
    credential,
    moreCredentials: z.array(credential),
    /** Of an export: what it was of, in which form, as of when. */
    exported: z.object({ what: text, format: text, asOf: text.nullable() }),
    counts,
  }),
  sync: z.object({ kind: text, trigger: text, state: text, decision: text, counts }),
  'api-key': z.object({ name: text, scopes: texts, createdAt: text, expiresAt: text.nullable() }),
  // Of who was let in by it the key is told, by its id.
  'sign-in-link': z.object({ name: text, scopes: texts, expiresAt: text, sessionHours: z.int(), keyId: text }),
  tenant: z.object({ name: text, state: text, createdAt: text }),
  // Neither its secret nor its address, which may hold one.
  webhook: z.object({ events: texts, state: text, createdAt: text }),
} as const satisfies Record<AuditTargetKind, z.ZodObject>

const allowed = {
  connection: fields.connection.partial(),
  sync: fields.sync.partial(),
  'api-key': fields['api-key'].partial(),
  'sign-in-link': fields['sign-in-link'].partial(),
  tenant: fields.tenant.partial(),
  webhook: fields.webhook.partial(),
}

/** What can be recorded of a target of that kind; more may be given, and is left out. */
export type Auditable<Kind extends AuditTargetKind = AuditTargetKind> = z.input<(typeof allowed)[Kind]>

/** A target before and after what was done to it; null where it does not exist. */
export interface Difference<Kind extends AuditTargetKind = AuditTargetKind> {
  readonly before?: Auditable<Kind> | null
  readonly after?: Auditable<Kind> | null
}

/**
 * What may be recorded of a target, and of that only what changed.
 * @throws ZodError for a field that has another form than it is recorded in
 */
export function auditable<Kind extends AuditTargetKind>(
  kind: Kind,
  { before = null, after = null }: Difference<Kind>,
): Pick<AuditRecord, 'before' | 'after'> {
  const [was, is] = [pick(kind, before), pick(kind, after)]
  return { before: was && differing(was, is), after: is && differing(is, was) }
}

/** What was done, as whoever does it says. */
export interface Done<Kind extends AuditTargetKind = AuditTargetKind> extends Difference<Kind> {
  readonly tenantId: TenantId
  readonly actor: Actor
  readonly action: AuditAction
  readonly target: { readonly kind: Kind; readonly id: string }
  /** Null, or left out, for what belongs to no connection. */
  readonly connectionId?: ConnectionId | null
  readonly requestId?: string | null
  readonly reason?: string | null
}

/** The audit record of what was done, to be appended together with what it tells of. */
export function auditRecorded<Kind extends AuditTargetKind>(
  done: Done<Kind>,
  { id, at }: { readonly id: AuditId; readonly at: string },
): PendingAudit {
  const { tenantId, actor, action, target, connectionId = null, requestId = null, reason = null } = done
  const { kind, id: actorId, name } = actor
  return {
    name: auditName,
    record: {
      id,
      at,
      tenantId,
      actor: { kind, id: actorId, name },
      action,
      target: { kind: target.kind, id: target.id },
      connectionId,
      ...auditable(target.kind, done),
      requestId,
      reason,
    },
  }
}

function pick(kind: AuditTargetKind, given: object | null): AuditedFields | null {
  return given && AuditedFields.parse(allowed[kind].parse(given))
}

function differing(these: AuditedFields, those: AuditedFields | null): AuditedFields {
  const isOther = ([field, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(those?.[field])
  return AuditedFields.parse(Object.fromEntries(Object.entries(these).filter(isOther)))
}
