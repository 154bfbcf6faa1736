import { hash } from 'node:crypto'
import type { ConnectionId, SyncId, TenantId } from '@clarity/shared/contract/ids'
import { isFinished, type SyncView } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { SyncService } from './sync-service.ts'

/**
 * Live progress of a sync as server-sent events (HTML, section 9.2). Each event has the sync whole, in absolute figures, so that
 * one that was missed is made good by the next: the id of an event is a digest of what it says, and whoever comes back with
 * `Last-Event-ID`, to whichever process, is told only what has changed since. The stream ends with the sync.
 */
export interface ProgressStreamOptions {
  readonly syncs: Pick<SyncService, 'read'>
  readonly clock: Clock
  /** Of one caller, in this process. */
  readonly streamsMax?: number
}

/** How soon a change is seen. */
const pollMs = 1_000
/** So often something comes, for whatever stands between us and the caller takes a silent connection for a dead one. */
const heartbeatMs = 15_000
const retryMs = 2_000
const defaultStreamsMax = 20

export class ProgressStreams {
  readonly #options: ProgressStreamOptions
  readonly #open = new Map<string, number>()

  constructor(options: ProgressStreamOptions) {
    this.#options = options
  }

  /**
   * The events of a sync, as text, until it ends or `signal` aborts. The first one is read before this resolves.
   * @throws InputError 404 as for the sync itself, 429 for too many at a time
   */
  async open(
    request: { readonly tenantId: TenantId; readonly callerId: string; readonly lastEventId: string | null },
    connectionId: ConnectionId,
    syncId: SyncId,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string>> {
    const { tenantId, callerId, lastEventId } = request
    const owner = `${tenantId}/${callerId}`
    const count = this.#open.get(owner) ?? 0
    if (count >= (this.#options.streamsMax ?? defaultStreamsMax)) throw tooMany(count)
    const read = () => this.#options.syncs.read(tenantId, connectionId, syncId)
    const first = await read()
    this.#open.set(owner, count + 1)
    const leave = () => {
      const left = (this.#open.get(owner) ?? 1) - 1
      if (left > 0) this.#open.set(owner, left)
      else this.#open.delete(owner)
    }
    return follow(first, read, { clock: this.#options.clock, lastEventId, signal, leave })
  }
}

interface Following {
  readonly clock: Clock
  readonly lastEventId: string | null
  readonly signal: AbortSignal
  readonly leave: () => void
}

async function* follow(first: SyncView, read: () => Promise<SyncView>, options: Following): AsyncGenerator<string> {
  const { clock, signal, leave } = options
  try {
    yield `retry: ${retryMs}\n\n`
    let [lastId, lastAt] = [options.lastEventId, clock.now()]
    for (let sync = first; ; sync = await read()) {
      const id = idOf(sync)
      if (id !== lastId) {
        yield toEvent(id, sync)
        ;[lastId, lastAt] = [id, clock.now()]
      } else if (clock.now() - lastAt >= heartbeatMs) {
        yield ': still here\n\n'
        lastAt = clock.now()
      }
      if (isFinished(sync.state)) return
      await clock.sleep(pollMs, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    leave()
  }
}

function toEvent(id: string, sync: SyncView): string {
  return `id: ${id}\nevent: ${isFinished(sync.state) ? 'ended' : 'progress'}\ndata: ${JSON.stringify(sync)}\n\n`
}

function idOf(sync: SyncView): string {
  return hash('sha1', JSON.stringify(sync), 'base64url')
}

function tooMany(count: number): InputError {
  return new InputError('too-many-requests', `The caller has ${count} live streams open already`, {
    remedy: 'Close those that nobody looks at.',
  })
}
