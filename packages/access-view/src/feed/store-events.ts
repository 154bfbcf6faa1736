import type { BatchEvent } from '@clarity/subscriber'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { splitData, toEventRow } from './event-row.ts'
import { recordset } from './write-versions.ts'

interface Part {
  readonly connection: { readonly key: number }
  readonly events: readonly BatchEvent[]
}

/** Keeps events; those that are there stay. @returns whether an event was not there before */
export async function storeEvents(
  tx: Transaction<Tables>,
  parts: readonly Part[],
): Promise<(connection: number, sequence: bigint) => boolean> {
  const keys = await storeRefs(tx, parts)
  const rows = parts.flatMap(({ connection: { key }, events }) =>
    events.map((event) => toEventRow(key, event, (ref) => keys.get(textOf(key, ref)))),
  )
  const { rows: stored } = await sql<{ connection: number; sequence: bigint }>`
    insert into events select * from ${recordset('events', rows)} on conflict do nothing
    returning connection, sequence`.execute(tx)
  const fresh = new Set(stored.map(({ connection, sequence }) => `${connection}/${sequence}`))
  return (connection, sequence) => fresh.has(`${connection}/${sequence}`)
}

/** Keeps what events say of their connections, each once, and gives the key of each. */
async function storeRefs(tx: Transaction<Tables>, parts: readonly Part[]): Promise<ReadonlyMap<string, number>> {
  const refs = new Map<string, { readonly connection: number; readonly value: object }>()
  for (const { connection, events } of parts) {
    for (const { data } of events) {
      const [value] = splitData(data)
      if (value !== null) refs.set(textOf(connection.key, value), { connection: connection.key, value })
    }
  }
  if (refs.size === 0) return new Map()
  const wanted = sql`json_to_recordset(${JSON.stringify([...refs.values()])}::json) as w(connection int, value jsonb)`
  await sql`insert into connection_refs (connection, value) select * from ${wanted} on conflict do nothing`.execute(tx)
  const numbered = [...refs].map(([text, ref]) => ({ text, ...ref }))
  const { rows } = await sql<{ text: string; key: number }>`
    select w.text, r.key
    from json_to_recordset(${JSON.stringify(numbered)}::json) as w(text text, connection int, value jsonb)
    join connection_refs r on r.connection = w.connection and r.value = w.value`.execute(tx)
  return new Map(rows.map(({ text, key }) => [text, key]))
}

function textOf(connection: number, ref: object): string {
  return `${connection} ${JSON.stringify(ref)}`
}

/** The data of the event under `e`, as they lay in the topic. */
export function wholeData(): RawBuilder<unknown> {
  return sql`case when e.ref is null then e.data else e.data || jsonb_build_object(
    'connection', (select r.value from connection_refs r where r.key = e.ref)) end`
}

/** Events of a connection that are kept, each with all of its data. */
export function selectEvents(db: Kysely<Tables>, connection: number) {
  return db.selectFrom('events as e').selectAll().select(wholeData().as('data')).where('e.connection', '=', connection)
}
