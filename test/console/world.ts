import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { Connector } from '@clarity/e2e/connector'
import { operatorKey } from '@clarity/e2e/scenario'
import { inject } from 'vitest'
import { z } from 'zod'

const CreatedKey = z.object({ key: z.string() })
const Feed = z.object({ items: z.array(z.unknown()) })
const pollMs = 50
const SignInLink = z.object({ url: z.string() })

const { apiUrl, bitbucketUrl } = inject('consoleSystem')

export const consoleUrl = apiUrl
export const bitbucket = new BitbucketControl(bitbucketUrl)
const operator = new Connector(apiUrl, operatorKey)

/** A tenant of this test alone. */
export interface TestTenant {
  readonly id: string
  /** Calls the API with a key that may do everything. */
  readonly api: Connector
  /** An address that signs a browser in, once; with these scopes, or all. */
  signInLink(scopes?: readonly string[]): Promise<string>
}

export async function createTenant(name: string): Promise<TestTenant> {
  const id = `${name}-${randomBytes(4).toString('hex')}`
  await operator.call('/v1/tenants', { id, name })
  const scopes = [
    ...['connections:read', 'connections:write', 'syncs:write', 'removals:approve'],
    ...['access:read', 'audit:read'],
  ]
  const made = await operator.call(`/v1/tenants/${id}/api-keys`, { name: 'test', scopes })
  return {
    id,
    api: new Connector(apiUrl, CreatedKey.parse(made.body).key),
    signInLink: async (scopes) => {
      const { body } = await operator.call(`/v1/tenants/${id}/sign-in-links`, { ...(scopes && { scopes }) })
      return SignInLink.parse(body).url
    },
  }
}

/** Waits until the API knows all that a sync has told: between the two lies the stream. */
export async function untilKnown({ api }: TestTenant, connectionId: string, syncId: string): Promise<void> {
  const path = `/v1/connections/${connectionId}/feed?name=sync.completed&syncId=${syncId}`
  for (;;) {
    const found = Feed.safeParse((await api.call(path)).body)
    if (found.success && found.data.items.length > 0) return
    await delay(pollMs)
  }
}

export interface SeededWorkspace {
  readonly slug: string
  readonly consumer: { readonly key: string; readonly secret: string }
}

const small = { users: 24, groups: 4, projects: 3, repositories: 16, seed: 5 }

/** A workspace of this test alone in the simulated Bitbucket; what is in it follows from its name. */
export function addWorkspace(name: string, size: Partial<typeof small> = {}): Promise<SeededWorkspace> {
  return bitbucket.addWorkspace({ ...small, ...size, slug: `of-${name}` })
}
