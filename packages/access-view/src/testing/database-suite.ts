import { expect, test } from 'vitest'
import { type DatabaseOptions, openDatabase } from '../database.ts'
import { migrations } from '../schema/migrations.ts'
import { startTimeoutMs } from './stream-suite.ts'

const slow = { timeout: 2 * startTimeoutMs }

/** What opening a database promises. `lasting` gives one that is the same when it is opened again. */
export function testDatabase(lasting: () => Promise<DatabaseOptions>): void {
  test('a database keeps its id and its rows, and is brought up to date once', slow, async () => {
    const options = await lasting()
    const ids: string[] = []
    for (const id of ['first', 'second']) {
      await using database = await openDatabase(options, () => id)
      await database.check()
      ids.push(database.viewId)
      const { schema_version } = await database.db.selectFrom('view').select('schema_version').executeTakeFirstOrThrow()
      expect(schema_version).toBe(migrations.length)
    }
    expect(ids).toEqual(['first', 'first'])
  })

  test('a database of a newer release is refused, and says what to do', slow, async () => {
    const options = await lasting()
    {
      await using database = await openDatabase(options, () => 'view')
      await database.db
        .updateTable('view')
        .set({ schema_version: migrations.length + 1 })
        .execute()
    }
    await expect(openDatabase(options, () => 'view')).rejects.toMatchObject({
      code: 'config',
      mistakes: [{ field: 'DATABASE_URL', message: expect.stringContaining(`version ${migrations.length + 1}`) }],
    })
  })
}
