import { testPostgres } from '@clarity/testkit/postgres'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { testDatabase } from './testing/database-suite.ts'

const { createDatabase } = await testPostgres()

testDatabase(async () => ({ kind: 'postgres', url: await createDatabase() }))

test('processes that start at the same time at a new database agree on one', async () => {
  const url = await createDatabase()
  const names = ['a', 'b', 'c', 'd']
  const opened = await Promise.all(names.map((name) => openDatabase({ kind: 'postgres', url }, () => name)))
  expect(new Set(opened.map(({ viewId }) => viewId)).size).toBe(1)
  await Promise.all(opened.map((database) => database[Symbol.asyncDispose]()))
})
