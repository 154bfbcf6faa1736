import { expect, test } from 'vitest'
import { defaultCopies } from './topics.ts'

const clusterOf = (count: number) => ({
  describeCluster: async () => ({
    brokers: Array.from({ length: count }, (_, nodeId) => ({ nodeId, host: 'kafka', port: 9092 + nodeId })),
    controller: 0,
    clusterId: 'cluster',
  }),
})

test.each([
  ['one broker', 1, ['a:1'], 1],
  ['two brokers', 2, ['a:1'], 2],
  ['five brokers', 5, ['a:1'], 3],
  ['three that are listed, of which only one is there yet', 1, ['a:1', 'b:1', 'c:1'], 3],
])('with %s there are so many copies', async (_, count, listed, copies) => {
  expect(await defaultCopies(clusterOf(count), listed)).toBe(copies)
})
