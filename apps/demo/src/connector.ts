import { setTimeout as delay } from 'node:timers/promises'
import { LaunchError } from '@clarity/launcher/errors'
import { callJson } from '@clarity/launcher/http'
import { ConnectionView } from '@clarity/shared/contract/connections'
import { SignInLink } from '@clarity/shared/contract/sessions'
import { Sync } from '@clarity/shared/contract/syncs'
import { z } from 'zod'

const pollMs = 100

/** Calls the public API as a tenant does, or an operator. */
export function createConnector(url: string, bearer: string) {
  const call = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.output<Schema>> => {
    const answer = await callJson(`${url}${path}`, { bearer, ...(body !== undefined && { body }) })
    if (answer.status < 400) return schema.parse(answer.body)
    throw new LaunchError(`The API answered ${answer.status} to ${path}:\n${JSON.stringify(answer.body, null, 2)}`)
  }
  return {
    /** Where somebody signs in, once within a day. */
    async createSignInLink(tenantId: string): Promise<string> {
      const wanted = { name: 'Demo', expiresInMinutes: 1_440 }
      return (await call(`/v1/tenants/${tenantId}/sign-in-links`, SignInLink, wanted)).url
    },
    connect: (input: object) => call('/v1/connections', z.object({ connection: ConnectionView, sync: Sync }), input),
    requestSync: (connectionId: string) =>
      call(`/v1/connections/${connectionId}/syncs`, z.object({ sync: Sync, joined: z.boolean() }), {}),
    /** Follows a sync to its end, telling `onProgress` how far it is. */
    async follow({ id, connectionId }: Sync, onProgress: (sync: Sync) => void): Promise<Sync> {
      for (;;) {
        const sync = await call(`/v1/connections/${connectionId}/syncs/${id}`, Sync)
        onProgress(sync)
        if (sync.state === 'completed') return sync
        if (sync.state === 'failed') {
          throw new LaunchError(`The sync failed: ${sync.error?.title}`, { remedy: sync.error?.remedy ?? '' })
        }
        await delay(pollMs)
      }
    },
  }
}
