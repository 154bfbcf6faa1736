import { callJson } from '@clarity/launcher/http'
import { Sync } from '@clarity/shared/contract/syncs'
import { z } from 'zod'

const Created = z.object({ connection: z.object({ id: z.string() }), sync: Sync })

/** A caller of the API, on behalf of one tenant. */
export class Connector {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  call(path: string, body?: unknown, method?: string) {
    const options = { bearer: this.#key, ...(body !== undefined && { body }), ...(method && { method }) }
    return callJson(`${this.#url}${path}`, options)
  }

  /** Connects a workspace and waits for its first sync. */
  async connect(input: { readonly workspace: string; readonly key: string; readonly secret: string }) {
    const { status, body } = await this.call('/v1/connections', connectionInput(input))
    if (status !== 201) throw new Error(`not connected: ${status} ${JSON.stringify(body)}`)
    const { connection, sync } = Created.parse(body)
    return { connectionId: connection.id, sync: await this.finished(connection.id, sync.id) }
  }

  /** Asks for a sync and waits for its end. */
  async sync(connectionId: string): Promise<Sync> {
    const { body } = await this.call(`/v1/connections/${connectionId}/syncs`, {})
    const { sync } = z.object({ sync: Sync }).parse(body)
    return this.finished(connectionId, sync.id)
  }

  async finished(connectionId: string, syncId: string): Promise<Sync> {
    for (;;) {
      const sync = Sync.parse((await this.call(`/v1/connections/${connectionId}/syncs/${syncId}`)).body)
      if (sync.state === 'completed' || sync.state === 'failed') return sync
    }
  }
}

/** What a caller sends to connect a workspace. */
export function connectionInput({ workspace, key, secret }: { workspace: string; key: string; secret: string }) {
  return {
    name: `Bitbucket ${workspace}`,
    uniqueIdentifier: `bitbucket-${workspace}`,
    workspace,
    credential: { kind: 'oauth-consumer', key, secret },
  }
}
