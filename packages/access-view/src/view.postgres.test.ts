import { testKafka } from '@clarity/testkit/kafka'
import { testPostgres } from '@clarity/testkit/postgres'
import type { DatabaseOptions } from './database.ts'
import { testSharedView, testView } from './testing/view-suite.ts'

const { createDatabase } = await testPostgres()
const kafka = testKafka()
const database = async (): Promise<DatabaseOptions> => ({ kind: 'postgres', url: await createDatabase() })

testView(kafka, database)
testSharedView(kafka, database)
