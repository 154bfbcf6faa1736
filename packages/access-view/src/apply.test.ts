import { openDatabase } from './database.ts'
import { testApply } from './testing/apply-suite.ts'

testApply(() => openDatabase({ kind: 'embedded' }, () => 'view'))
