import { testPostgres } from '@clarity/testkit/postgres'
import { openDatabase } from './database.ts'
import { testStream } from './testing/stream-suite.ts'

const { url } = await testPostgres()

testStream(() => openDatabase({ kind: 'postgres', url }, () => 'view'))
