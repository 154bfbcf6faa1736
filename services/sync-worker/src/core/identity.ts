import type { ServiceUser, ServiceUserAttributes } from '@clarity/shared/contract/entities'
import { type ServiceUserId, serviceUserId } from '@clarity/shared/contract/ids'
import { type AttributeName, attributeNames } from '@clarity/shared/contract/settings'

/** An account as one endpoint of Bitbucket shows it. Endpoints differ in what they tell; absent is "did not say". */
export interface ObservedAccount {
  readonly uuid: string
  readonly type?: string | undefined
  readonly account_id?: string | null | undefined
  readonly display_name?: string | undefined
  readonly nickname?: string | undefined
  readonly account_status?: string | undefined
  readonly has_2fa_enabled?: boolean | null | undefined
  readonly created_on?: string | undefined
}

/** What one reading says of a service user. */
export interface ObservedUser {
  readonly id: ServiceUserId
  readonly kind: ServiceUser['kind']
  readonly status: ServiceUser['status']
  readonly externalIds: ServiceUser['externalIds']
  readonly attributes: ServiceUserAttributes
}

const kinds: Readonly<Record<string, ServiceUser['kind']>> = {
  user: 'person',
  team: 'team',
  app_user: 'app',
  AppUser: 'app',
}

const statuses: Readonly<Record<string, ServiceUser['status']>> = {
  active: 'active',
  inactive: 'inactive',
  closed: 'closed',
}

/** An attribute that is not told. */
export type LeftOut = AttributeName | 'emailEvidence'

/** The attributes that are not told, when those that were chosen are. What is said of an address goes with the address. */
export function attributesLeftOut(chosen: readonly AttributeName[]): readonly LeftOut[] {
  const leftOut = attributeNames.filter((name) => !chosen.includes(name))
  return leftOut.includes('email') ? [...leftOut, 'emailEvidence'] : leftOut
}

/** The attributes without those that are not told. */
export function withoutLeftOut(attributes: ServiceUserAttributes, leftOut: readonly LeftOut[]): ServiceUserAttributes {
  if (leftOut.length === 0) return attributes
  const names: readonly string[] = leftOut
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)))
}

/** Normalises an account. An unknown type or status is kept as `unknown`, never dropped. */
export function observeUser(account: ObservedAccount, role: ServiceUserAttributes = {}): ObservedUser {
  return {
    id: serviceUserId(account.uuid),
    kind: kinds[account.type ?? ''] ?? 'unknown',
    status: statuses[account.account_status ?? ''] ?? 'unknown',
    externalIds: withoutAbsent({ uuid: account.uuid, accountId: account.account_id ?? undefined }),
    attributes: withoutAbsent({
      displayName: account.display_name,
      nickname: account.nickname,
      accountStatus: account.account_status,
      createdOn: account.created_on,
      twoFactorEnabled: account.has_2fa_enabled,
      ...role,
    }),
  }
}

/** The service user that the listing of the members describes: it tells all there is. */
export function toMember({ id, kind, status, externalIds, attributes }: ObservedUser): ServiceUser {
  return { id, kind, status, membership: 'member', externalIds, attributes }
}

/**
 * A service user that is known from elsewhere than the members, once more observed. Members are left as they are, for
 * the listing of the members knows more; of others each endpoint tells a part, so what one does not say stays.
 */
export function toOutsider(observed: ObservedUser, stored: ServiceUser | null): ServiceUser {
  if (stored?.membership === 'member') return stored
  return {
    id: observed.id,
    kind: observed.kind === 'unknown' ? (stored?.kind ?? 'unknown') : observed.kind,
    status: observed.status === 'unknown' ? (stored?.status ?? 'unknown') : observed.status,
    membership: 'outside',
    externalIds: { ...stored?.externalIds, ...observed.externalIds },
    attributes: { ...stored?.attributes, ...observed.attributes },
  }
}

/** A former member that still holds something. */
export function toFormerMember(stored: ServiceUser): ServiceUser {
  const { workspaceRole: _, addedOn: __, lastAccessedOn: ___, ...attributes } = stored.attributes
  return { ...stored, membership: 'outside', attributes }
}

export type Changed = Record<string, { from?: unknown; to?: unknown }>

/** What differs between two states, field by field, each named with `prefix` before it; empty when nothing does. */
export function changedFields(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  prefix = '',
): Changed {
  const changed: Changed = {}
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (JSON.stringify(from[field]) === JSON.stringify(to[field])) continue
    changed[`${prefix}${field}`] = withoutAbsent({ from: from[field], to: to[field] })
  }
  return changed
}

type WithoutAbsent<T> = { [K in keyof T]: Exclude<T[K], undefined> } extends infer R
  ? { [K in keyof R as undefined extends T[K & keyof T] ? never : K]: R[K] } & {
      [K in keyof R as undefined extends T[K & keyof T] ? K : never]?: R[K]
    }
  : never

/** The same object without the fields that are undefined. */
export function withoutAbsent<const T extends object>(object: T): WithoutAbsent<T> {
  const said: Record<string, unknown> = {}
  for (const name in object) if (object[name] !== undefined) said[name] = object[name]
  // Exactly the undefined fields are left out, which is what the type says.
  return said as WithoutAbsent<T>
}
