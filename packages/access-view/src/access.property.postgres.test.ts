import { testPostgres } from '@clarity/testkit/postgres'
import { openDatabase } from './database.ts'
import { testAccess } from './testing/access-suite.ts'

const { url } = await testPostgres()

testAccess(() => openDatabase({ kind: 'postgres', url }, () => 'view'))
