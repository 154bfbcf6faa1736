import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { PGliteDialectConfig } from 'kysely'
import type { ThreadAnswer, ThreadFailure, ThreadQuery } from './messages.ts'

/** What Kysely asks of a PGlite. */
type PGliteLike = Exclude<PGliteDialectConfig['pglite'], (...args: never[]) => unknown>
interface Result {
  readonly rows: unknown[]
  readonly affectedRows: number | undefined
}

/**
 * A PGlite in a thread of its own, in `dir` or in memory. PostgreSQL as WebAssembly computes without a pause, for seconds when it starts:
 * in the thread of whoever asks nothing else would be answered meanwhile. It is for one user at a time, as Kysely takes it.
 * @throws Error when it cannot be opened
 */
export async function openEmbeddedPostgres(dir: string | undefined): Promise<PGliteLike> {
  const thread = new Thread(dir)
  await thread.opened
  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return thread.closed
    },
    close: () => thread.close(),
    query: (sql, parameters) => thread.query(sql, parameters),
    async transaction(work) {
      await thread.query('begin')
      try {
        const answer = await work({ query: (sql, parameters) => thread.query(sql, parameters), rollback: neverCalled })
        // In a transaction that has failed a commit would roll back and say nothing; this fails.
        await thread.query('select 1')
        await thread.query('commit')
        return answer
      } catch (error) {
        if (!thread.closed) await thread.query('rollback')
        throw error
      }
    },
  }
}

/** Kysely ends a transaction by letting its work fail. */
async function neverCalled(): Promise<void> {
  throw new Error('A transaction ends by its work')
}

class Thread {
  closed = false
  /** Rejects when it cannot be opened. */
  readonly opened: Promise<void>
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>()
  #queries = 0

  constructor(dir: string | undefined) {
    // Flags of the process are its own: those that load something would load it here as well.
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: dir, execArgv: [] })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.opened = promise
    this.#worker.on('message', (message: ThreadAnswer) => {
      if (message.kind === 'opened') resolve()
      else if (message.kind === 'not-opened') reject(toError(message.failure))
      else this.#take(message)
    })
    this.#worker.on('error', (error) => this.#end(error, reject))
    this.#worker.on('exit', () => this.#end(new Error('The embedded PostgreSQL has ended'), reject))
  }

  /** @throws Error that has the fields of PostgreSQL's, `code` among them */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; fields: []; affectedRows?: number }>
  async query(sql: string, parameters: readonly unknown[] = []) {
    if (this.closed) throw new Error('The embedded PostgreSQL is closed')
    const query: ThreadQuery = { id: ++this.#queries, sql, parameters }
    const waiting = Promise.withResolvers<Result>()
    this.#waiting.set(query.id, waiting)
    this.#worker.postMessage(query)
    const { rows, affectedRows } = await waiting.promise
    return { rows, fields: [], ...(affectedRows !== undefined && { affectedRows }) }
  }

  /** Waits for what was asked before. */
  async close(): Promise<void> {
    if (this.closed) return
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage(null)
    await ended
  }

  #take(message: Extract<ThreadAnswer, { readonly id: number }>): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.kind === 'rows') waiting?.resolve(message)
    else waiting?.reject(toError(message.failure))
  }

  #end(reason: Error, rejectOpening: (reason: Error) => void): void {
    this.closed = true
    rejectOpening(reason)
    for (const waiting of this.#waiting.values()) waiting.reject(reason)
    this.#waiting.clear()
  }
}

function toError({ message, fields }: ThreadFailure): Error {
  return Object.assign(new Error(message), fields)
}
