import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CreatedApiKey } from '@clarity/shared/contract/callers'
import { Hold } from '@clarity/shared/contract/holds'
import { StreamVerification } from '@clarity/shared/contract/verification'
import { z } from 'zod'
import type { Surroundings, World } from './api-cases.ts'
import type { BitbucketControl } from './bitbucket.ts'
import type { Connector } from './connector.ts'

export interface Owner {
  readonly bitbucket: BitbucketControl
  readonly connector: Connector
}

const bare = (uuid: string) => uuid.slice(1, -1)
const AuditPage = z.object({ items: z.array(z.object({ actor: z.object({ id: z.string() }) })).min(1) })

/**
 * Connects a workspace of the tenant, lets more go from it than a day may, and gives what requests are made of. The access view has
 * all of it when this resolves.
 */
export async function createWorld({ bitbucket, connector }: Owner, seeded: SeededWorkspace): Promise<World> {
  const { slug, consumer } = seeded
  const group = await addGroup(bitbucket, slug)
  const { connectionId: id, sync } = await connector.connectAndSync({ workspace: slug, ...consumer })
  if (sync.state !== 'completed') throw new Error(`the first sync of ${slug} is ${sync.state}`)
  const key = CreatedApiKey.parse(
    (await connector.call('/v1/api-keys', { name: `of ${slug}`, scopes: ['access:read'] })).body,
  )
  const { repositories } = await bitbucket.truth(slug)
  const granted = repositories.flatMap(({ uuid, projectUuid, users }) =>
    users.map((user) => ({ uuid, projectUuid, user })),
  )
  const [kept, ...lost] = granted
  if (kept === undefined) throw new Error(`nobody holds anything in ${slug}`)
  for (const { uuid, user } of lost) {
    const resource = { kind: 'repository', uuid }
    await bitbucket.change(slug, { type: 'revoke', resource, principal: { userUuid: user.userUuid } })
  }
  await connector.sync(id)
  const hold = Hold.parse((await connector.call(`/v1/connections/${id}/hold`)).body)
  await connector.call(`/v1/connections/${id}/webhook`, undefined, 'PUT')
  await untilKnown(connector, id)
  const { items } = AuditPage.parse((await connector.call(`/v1/connections/${id}/audit`)).body)
  const resource = `repository:${bare(kept.uuid)}`
  const serviceUserId = `user:${bare(kept.user.userUuid)}`
  const entitlementId = `${resource}#${kept.user.permission}`
  return {
    ...{ id, syncId: sync.id, keyId: key.id, actorId: items[0]?.actor.id ?? '' },
    ...{ serviceUserId, entitlementId, resource, scope: `repository/${bare(kept.uuid)}` },
    ...{ project: `project:${bare(kept.projectUuid)}`, container: `group:${group}#member` },
    ...{ grantId: `${serviceUserId}|${entitlementId}`, heldId: hold.sample[0] ?? '' },
  }
}

/** A group with a member, whose slug no other workspace has. */
async function addGroup(bitbucket: BitbucketControl, slug: string): Promise<string> {
  await bitbucket.change(slug, { type: 'add-group', name: `Those of ${slug}` })
  const { groups, members } = await bitbucket.truth(slug)
  const added = groups.find(({ name }) => name === `Those of ${slug}`)
  if (added === undefined) throw new Error('the group was not added')
  await bitbucket.change(slug, { type: 'add-group-member', slug: added.slug, userUuid: members[0]?.userUuid })
  return added.slug
}

export interface SeededWorkspace {
  readonly slug: string
  readonly consumer: { readonly key: string; readonly secret: string }
}

const untilKnownMs = 90_000

/**
 * Waits until the access view and the audit log have all that was told of the connection so far. It is waited for before any test
 * begins, where no time-out of a test ends it: so it has its own, and says what came last.
 */
export async function untilKnown(connector: Connector, id: string): Promise<void> {
  const told = await connector.call(`/v1/connections/${id}/stream-verifications`, { text: 'until known' })
  const { sequence } = StreamVerification.parse(told.body)
  const deadline = Date.now() + untilKnownMs
  for (const [path, isKnown] of [
    [`/v1/connections/${id}/counts?waitFor=${sequence}`, () => true],
    [`/v1/connections/${id}/audit?action=stream.verified`, (body: string) => !body.includes('"items":[]')],
  ] as const) {
    for (;;) {
      const { status, body } = await connector.call(path)
      if (status === 200 && isKnown(JSON.stringify(body))) break
      if (Date.now() > deadline) throw new Error(`${path} still answers ${status} ${JSON.stringify(body)}`)
      await delay(100)
    }
  }
}

/** Ids of the same form that nobody has. */
export function absentWorld(): World {
  const hex = randomBytes(16).toString('hex')
  const uuid = () => crypto.randomUUID()
  const resource = `repository:${uuid()}`
  const serviceUserId = `user:${uuid()}`
  const entitlementId = `${resource}#read`
  return {
    ...{ id: `con_${hex}`, syncId: `syn_${hex}`, keyId: `key_${hex}`, actorId: hex.slice(0, 8) },
    ...{ serviceUserId, entitlementId, resource, scope: resource.replace(':', '/') },
    ...{ project: `project:${uuid()}`, container: `group:g${hex}#member` },
    ...{ grantId: `${serviceUserId}|${entitlementId}`, heldId: `${serviceUserId}|${entitlementId}` },
  }
}

/** A workspace that nobody has connected, and a tenant with a key for the operator. */
export async function createSurroundings(
  { bitbucket, operator }: { readonly bitbucket: BitbucketControl; readonly operator: Connector },
  connected: SeededWorkspace,
): Promise<Surroundings> {
  const suffix = randomBytes(4).toString('hex')
  const free = await bitbucket.addWorkspace({ ...smallest, slug: `free-${suffix}` })
  const tenantId = `operated-${suffix}`
  await operator.call('/v1/tenants', { id: tenantId, name: 'Operated' })
  const wanted = { name: 'first', scopes: ['access:read'] }
  const first = CreatedApiKey.parse((await operator.call(`/v1/tenants/${tenantId}/api-keys`, wanted)).body)
  const { key } = CreatedApiKey.parse((await operator.call(`/v1/tenants/${tenantId}/api-keys`, wanted)).body)
  return { connected, free, operated: { tenantId, keyId: first.id }, key, suffix }
}

const smallest = { users: 3, groups: 1, projects: 1, repositories: 1, seed: 1 }
