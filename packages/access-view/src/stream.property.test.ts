import { openDatabase } from './database.ts'
import { testStream } from './testing/stream-suite.ts'

testStream(() => openDatabase({ kind: 'embedded' }, () => 'view'))
