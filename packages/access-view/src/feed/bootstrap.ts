/**
 * Fills a database that is new with what is there now, from the state topic: each version begins at the event that the record
 * names, and of each connection it is noted up to which number all of that is whole (its watermark). From there its rows are known; what
 * was before comes with the changes, which are read from their beginning, and is worked in backwards (`fill-history.ts`).
 *
 * It is one transaction: whoever dies in it leaves an empty database, and another process that wants the same waits for its end.
 */
import { type ReadStateOptions, readState, type StateRecord } from '@clarity/subscriber'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { makeConnections } from './lock-connections.ts'
import { toMoments } from './moments.ts'
import { type Change, isPresent, keyOf, type Point } from './version.ts'
import { insertMoments } from './write-events.ts'
import { deleteVersions, type FoldedConnection, writeFolded } from './write-versions.ts'

/** Gives every record of the state topic, as `readState` does. */
export type StateReader = (onState: (record: StateRecord) => Promise<void>) => Promise<ReadonlyMap<string, bigint>>

/** Records that are written at once. */
const recordsMax = 2_000

/** The state topic as it lies in Kafka. */
export function stateTopicReader(options: Omit<ReadStateOptions, 'onState'>): StateReader {
  return (onState) => readState({ ...options, onState })
}

/** Fills the database, unless that was done. @returns how many records were read; null when it was done before */
export function bootstrapView(db: Kysely<Tables>, read: StateReader, chunk = recordsMax): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const { bootstrapped } = await tx.selectFrom('view').select('bootstrapped').forUpdate().executeTakeFirstOrThrow()
    if (bootstrapped) return null
    const loader = new StateLoader(tx, chunk)
    const handled = await read((record) => loader.take(record))
    await loader.finish(handled)
    await tx.updateTable('view').set({ bootstrapped: true }).execute()
    return loader.records
  })
}

/** Writes records of the state topic; those of a connection come in the order of its sequence. */
export class StateLoader {
  readonly #tx: Transaction<Tables>
  readonly #chunk: number
  readonly #keys = new Map<string, number>()
  readonly #latest = new Map<string, string | null>()
  readonly #removed = new Set<string>()
  #waiting: StateRecord[] = []
  records = 0

  constructor(tx: Transaction<Tables>, chunk = recordsMax) {
    this.#tx = tx
    this.#chunk = chunk
  }

  async take(record: StateRecord): Promise<void> {
    this.records += 1
    if (record.change.kind === 'watermark' && record.change.value?.removed) this.#removed.add(record.connectionId)
    this.#waiting.push(record)
    if (this.#waiting.length >= this.#chunk) await this.#write()
  }

  /** Writes what is left, and notes up to which number each connection is whole. */
  async finish(handled: ReadonlyMap<string, bigint>): Promise<void> {
    await this.#write()
    for (const [id, sequence] of handled) {
      await this.#tx
        .updateTable('connections')
        .set({
          handled_sequence: sequence,
          handled_time: this.#latest.get(id) ?? null,
          begins_sequence: sequence,
          history_ended: false,
          removed: this.#removed.has(id),
        })
        .where('id', '=', id)
        .execute()
    }
  }

  async #write(): Promise<void> {
    const records = this.#waiting
    this.#waiting = []
    if (records.length === 0) return
    await this.#learnKeys(records)
    const last = new Map<string, { connection: number; entity: Change; at: Point }>()
    for (const { connectionId, sequence, time, change } of records) {
      const connection = this.#keys.get(connectionId)
      if (connection === undefined || change.kind === 'watermark') continue
      last.set(`${connection}/${keyOf(change)}`, { connection, entity: change, at: { sequence, time } })
    }
    // What is not compacted yet comes several times; the last is how it is.
    await deleteVersions(this.#tx, [...last.values()], 'all')
    await writeFolded(this.#tx, [...last.values()].flatMap(toFolded))
    await this.#writeMoments(records)
  }

  async #learnKeys(records: readonly StateRecord[]): Promise<void> {
    const tenants = new Map(records.map(({ connectionId, tenantId }) => [connectionId, tenantId]))
    for (const id of this.#keys.keys()) tenants.delete(id)
    if (tenants.size === 0) return
    await makeConnections(this.#tx, tenants)
    const rows = await this.#tx
      .selectFrom('connections')
      .select(['id', 'key'])
      .where('id', 'in', [...tenants.keys()])
      .execute()
    for (const { id, key } of rows) this.#keys.set(id, key)
  }

  async #writeMoments(records: readonly StateRecord[]): Promise<void> {
    const moments = [...Map.groupBy(records, ({ connectionId }) => connectionId)].flatMap(([id, own]) => {
      const { moments, latest } = toMoments(own, this.#latest.get(id) ?? null)
      this.#latest.set(id, latest)
      return moments.map((moment) => ({ connection: this.#keys.get(id) ?? 0, ...moment }))
    })
    await insertMoments(this.#tx, moments)
  }
}

function toFolded({ connection, entity, at }: { connection: number; entity: Change; at: Point }): FoldedConnection[] {
  return isPresent(entity) ? [{ connection, ended: [], begun: [{ entity, from: at, to: null }] }] : []
}
