import { afterAll, expect, test } from 'vitest'
import { openEmbeddedPostgres } from './embedded-postgres.ts'

const postgres = await openEmbeddedPostgres(undefined)
afterAll(() => postgres.close())
await postgres.query('create table t (n bigint primary key, at timestamptz)')

test('this process goes on while PostgreSQL computes', async () => {
  let turns = 0
  let isAnswered = false
  const turn = () => {
    if (isAnswered) return
    turns++
    setImmediate(turn)
  }
  turn()
  const { rows } = await postgres.query('select count(*) as n from generate_series(1, 300000)')
  isAnswered = true
  expect(rows).toEqual([{ n: 300_000n }])
  expect(turns).toBeGreaterThan(10)
})

test('numbers and times come as they are asked for, and how many rows were changed', async () => {
  const { affectedRows } = await postgres.query('insert into t values ($1, $2)', [2n ** 60n, '2026-11-01T00:00:00Z'])
  expect(affectedRows).toBe(1)
  const { rows } = await postgres.query('select * from t')
  expect(rows).toEqual([{ n: 2n ** 60n, at: '2026-11-01T00:00:00.000Z' }])
})

test('an error has the code that PostgreSQL gives it', async () => {
  const wrong = postgres.query('select nothing from nowhere')
  await expect(wrong).rejects.toMatchObject({ code: '42P01', message: expect.stringContaining('nowhere') })
})

test('of a transaction whose work fails nothing stays', async () => {
  const failing = postgres.transaction(async (tx) => {
    await tx.query('insert into t values (1)')
    throw new Error('planned')
  })
  await expect(failing).rejects.toThrow('planned')
  expect((await postgres.query('select 1 from t where n = 1')).rows).toEqual([])
})

test('a transaction in which something has failed does not end as if nothing had', async () => {
  const swallowing = postgres.transaction(async (tx) => {
    await tx.query('insert into t values (1)')
    await tx.query('insert into t values (1)').catch(() => undefined)
  })
  await expect(swallowing).rejects.toMatchObject({ code: '25P02' })
  expect((await postgres.query('select 1 from t where n = 1')).rows).toEqual([])
})

test('what was asked before it is closed is answered, what is asked later is refused', async () => {
  const own = await openEmbeddedPostgres(undefined)
  const asked = own.query('select 1 as n')
  await own.close()
  expect((await asked).rows).toEqual([{ n: 1 }])
  expect(own.closed).toBe(true)
  await expect(own.query('select 1')).rejects.toThrow('closed')
  await own.close()
})

test('a folder in which there can be no database is told', async () => {
  await expect(openEmbeddedPostgres('/dev/null/x')).rejects.toThrow()
})
