import { openDatabase } from './database.ts'
import { testAccess } from './testing/access-suite.ts'

testAccess(() => openDatabase({ kind: 'embedded' }, () => 'view'))
