import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { testDatabase } from './testing/database-suite.ts'
import { startTimeoutMs } from './testing/stream-suite.ts'

const dirs: string[] = []
afterAll(async () => {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true })
})

testDatabase(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'clarity-view-'))
  dirs.push(dir)
  return { kind: 'embedded', dir }
})

test('one in memory is another one at each start', { timeout: 2 * startTimeoutMs }, async () => {
  for (const id of ['first', 'second']) {
    await using database = await openDatabase({ kind: 'embedded' }, () => id)
    expect([database.viewId, database.inMemory]).toEqual([id, true])
  }
})

test('a server that is not there is told as a dependency that is away', async () => {
  const opening = openDatabase({ kind: 'postgres', url: 'postgres://user:hidden@127.0.0.1:1/none' }, () => 'view')
  const error = await opening.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'access-view-unavailable', retryable: true })
  expect(String(error)).not.toContain('hidden')
})
