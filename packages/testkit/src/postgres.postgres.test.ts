import pg from 'pg'
import { expect, test } from 'vitest'
import { testPostgres } from './postgres.ts'

const { url, createDatabase } = await testPostgres()

async function ask(connectionString: string, question: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(question)
    return rows
  } finally {
    await client.end()
  }
}

test('gives a database that is empty, and whose text is in the encoding of all texts', async () => {
  expect(await ask(url, `select 1 from pg_tables where schemaname = 'public'`)).toEqual([])
  expect(await ask(url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
})

test('gives each caller a database of its own', async () => {
  const other = await createDatabase()
  await ask(url, 'create table mine (value int)')
  expect(await ask(other, `select to_regclass('mine') as mine`)).toEqual([{ mine: null }])
  expect(await ask(url, `select to_regclass('mine') as mine`)).toEqual([{ mine: 'mine' }])
})
