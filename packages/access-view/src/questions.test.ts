import { openDatabase } from './database.ts'
import { testQuestions } from './testing/questions-suite.ts'

testQuestions(() => openDatabase({ kind: 'embedded' }, () => 'view'))
