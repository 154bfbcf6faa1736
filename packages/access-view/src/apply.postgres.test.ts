import { testPostgres } from '@clarity/testkit/postgres'
import { openDatabase } from './database.ts'
import { testApply } from './testing/apply-suite.ts'

const { url } = await testPostgres()

testApply(() => openDatabase({ kind: 'postgres', url }, () => 'view'))
