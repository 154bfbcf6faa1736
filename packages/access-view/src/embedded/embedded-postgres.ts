import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DependencyError } from '@clarity/shared/runtime/errors'
import type { PGliteDialectConfig } from 'kysely'
import type { Answer, Failure, Query } from './messages.ts'

/** What Kysely asks of a PGlite. */
type PGliteLike = Exclude<PGliteDialectConfig['pglite'], (...args: never[]) => unknown>
interface Result {
  readonly rows: unknown[]
  readonly affectedRows: number | undefined
}

/**
 * A PGlite in a process of its own, in `dir` or in memory. PostgreSQL as WebAssembly computes without a pause, for seconds when it
 * starts: in the process of whoever asks nothing else would be answered meanwhile. (As a thread it came to a stand for ever, now and
 * then, in a process with `--v8-pool-size=1`.) It is for one user at a time, as Kysely takes it. `onLost` is told once when the
 * process ends without having been closed; whatever waits then, or comes later, is refused with the same error.
 * @throws Error when it cannot be opened
 */
export async function openEmbeddedPostgres(
  dir: string | undefined,
  onLost: (error: DependencyError) => void = () => undefined,
): Promise<PGliteLike> {
  const server = new Server(dir, onLost)
  await server.opened
  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return server.closed
    },
    close: () => server.close(),
    query: (sql, parameters) => server.query(sql, parameters),
    async transaction(work) {
      await server.query('begin')
      try {
        const answer = await work({ query: (sql, parameters) => server.query(sql, parameters), rollback: neverCalled })
        // In a transaction that has failed a commit would roll back and say nothing; this fails.
        await server.query('select 1')
        await server.query('commit')
        return answer
      } catch (error) {
        if (!server.closed) await server.query('rollback')
        throw error
      }
    },
  }
}

/** Kysely ends a transaction by letting its work fail. */
async function neverCalled(): Promise<void> {
  throw new Error('A transaction ends by its work')
}

class Server {
  closed = false
  #isClosing = false
  /** Rejects when it cannot be opened. */
  readonly opened: Promise<void>
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>()
  #queries = 0

  constructor(dir: string | undefined, onLost: (error: DependencyError) => void) {
    this.#process = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), dir === undefined ? [] : [dir], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.opened = promise
    this.#process.on('message', (message: Answer) => {
      if (message.kind === 'opened') resolve()
      else if (message.kind === 'not-opened') this.#refuse(toError(message.failure), reject)
      else this.#take(message)
    })
    this.#process.on('error', (error) => this.#end(error, reject))
    this.#process.on('exit', () => {
      const error = lost()
      this.#end(error, reject)
      if (!this.#isClosing) onLost(error)
    })
  }

  /** @throws Error that has the fields of PostgreSQL's, `code` among them */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; fields: []; affectedRows?: number }>
  async query(sql: string, parameters: readonly unknown[] = []) {
    if (this.closed) throw this.#isClosing ? new Error('The embedded PostgreSQL is closed') : lost()
    const query: Query = { id: ++this.#queries, sql, parameters }
    const waiting = Promise.withResolvers<Result>()
    this.#waiting.set(query.id, waiting)
    this.#process.send(query)
    const { rows, affectedRows } = await waiting.promise
    return { rows, fields: [], ...(affectedRows !== undefined && { affectedRows }) }
  }

  /** Waits for what was asked before. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.closed) return
    const ended = once(this.#process, 'exit')
    this.#process.send('close')
    await ended
  }

  #refuse(reason: Error, rejectOpening: (reason: Error) => void): void {
    this.#isClosing = true
    rejectOpening(reason)
    this.#process.disconnect()
  }

  #take(message: Extract<Answer, { readonly id: number }>): void {
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

function toError({ message, fields }: Failure): Error {
  return Object.assign(new Error(message), fields)
}

function lost(): DependencyError {
  return new DependencyError('access-view', 'The embedded PostgreSQL has ended', {
    remedy: 'Ask again in a moment: it is started anew. If that goes on, look whether there is memory enough for it.',
  })
}
