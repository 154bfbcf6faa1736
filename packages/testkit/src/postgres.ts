import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export interface TestPostgres {
  /** Of a database that is empty at first. */
  readonly url: string
  /** Makes a further database, and gives its URL. */
  createDatabase(): Promise<string>
}

/**
 * A database of the run's PostgreSQL for this test file alone, which goes at its end. Call it at the top of the file:
 * `const { url } = await testPostgres()`.
 */
export async function testPostgres(): Promise<TestPostgres> {
  const server = inject('postgresUrl')
  const names: string[] = []
  const createDatabase = async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await execute(server, `create database ${name}`)
    names.push(name)
    const url = new URL(server)
    url.pathname = `/${name}`
    return url.href
  }
  afterAll(async () => {
    // Whoever is still in it is a process that a test has killed.
    for (const name of names) await execute(server, `drop database ${name} with (force)`)
  })
  return { url: await createDatabase(), createDatabase }
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
