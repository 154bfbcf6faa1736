import { setTimeout as delay } from 'node:timers/promises'
import { callJson } from '@clarity/launcher/http'
import { Sync } from '@clarity/shared/contract/syncs'
import { z } from 'zod'

const pollMs = 20

const Created = z.object({ connection: z.object({ id: z.string() }), sync: Sync })

/** A caller of the API, on behalf of one tenant. */
export class Connector {
  readonly url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.url = url
    this.#key = key
  }

  call(path: string, body?: unknown, method?: string, headers: Readonly<Record<string, string>> = {}) {
    const options = { bearer: this.#key, headers, ...(body !== undefined && { body }), ...(method && { method }) }
    return callJson(`${this.url}${path}`, options)
  }

  /** Connects a workspace, which starts its first sync. */
  async connect(input: { readonly workspace: string; readonly key: string; readonly secret: string }) {
    const { status, body } = await this.call('/v1/connections', connectionInput(input))
    if (status !== 201) throw new Error(`not connected: ${status} ${JSON.stringify(body)}`)
    const { connection, sync } = Created.parse(body)
    return { connectionId: connection.id, syncId: sync.id }
  }

  /** Connects a workspace and waits for the end of its first sync. */
  async connectAndSync(input: Parameters<Connector['connect']>[0]) {
    const { connectionId, syncId } = await this.connect(input)
    return { connectionId, sync: await this.until(connectionId, syncId, isFinished) }
  }

  /** Asks for a sync, a full one unless said otherwise, and waits for its end. */
  async sync(connectionId: string, wanted: object = {}): Promise<Sync> {
    const { body } = await this.call(`/v1/connections/${connectionId}/syncs`, wanted)
    const { sync } = z.object({ sync: Sync }).parse(body)
    return this.until(connectionId, sync.id, isFinished)
  }

  /** Asks for a sync again and again until it is as wanted. */
  async until(connectionId: string, syncId: string, wanted: (sync: Sync) => boolean): Promise<Sync> {
    for (;;) {
      const sync = Sync.parse((await this.call(`/v1/connections/${connectionId}/syncs/${syncId}`)).body)
      if (wanted(sync)) return sync
      await delay(pollMs)
    }
  }
}

export function isFinished({ state }: Sync): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled'
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
