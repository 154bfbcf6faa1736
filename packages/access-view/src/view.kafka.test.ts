import { testKafka } from '@clarity/testkit/kafka'
import { testView } from './testing/view-suite.ts'

testView(testKafka(), async () => ({ kind: 'embedded' }))
