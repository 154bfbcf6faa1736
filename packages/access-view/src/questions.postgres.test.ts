import { testPostgres } from '@clarity/testkit/postgres'
import { openDatabase } from './database.ts'
import { testQuestions } from './testing/questions-suite.ts'

const { url } = await testPostgres()

testQuestions(() => openDatabase({ kind: 'postgres', url }, () => 'view'))
