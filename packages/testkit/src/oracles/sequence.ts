import type { StreamRecord } from './stream.ts'

/**
 * Oracle (c): the sequence of each connection rises by one from 1, without a gap, and nothing is told twice, be it the same to
 * the byte. Records of one connection must be given in the order of their partition.
 */
export function sequenceViolations(records: readonly StreamRecord[]): string[] {
  const violations: string[] = []
  const connections = new Map<string, { readonly partition: number; readonly told: StreamRecord[] }>()
  const numbers = new Map<string, StreamRecord>()
  for (const record of records) {
    const { connectionId, sequence, partition, id } = record
    const place = `${connectionId} ${sequence} (partition ${partition}, offset ${record.offset})`
    const connection = connections.get(connectionId) ?? { partition, told: [] }
    connections.set(connectionId, connection)
    if (connection.partition !== partition)
      violations.push(`${place}: the connection is on partition ${connection.partition}`)
    const first = connection.told[sequence - 1]
    if (first !== undefined) {
      const isSame = contentOf(first) === contentOf(record)
      violations.push(`${place}: ${isSame ? 'told twice' : 'repeated with other content'}`)
      continue
    }
    const expected = connection.told.length + 1
    if (sequence !== expected) {
      violations.push(`${place}: expected ${expected}`)
      // One gap is told once: what follows is held against what came.
      connection.told.length = Math.max(connection.told.length, sequence - 1)
    }
    const sameId = numbers.get(id)
    if (sameId !== undefined) violations.push(`${place}: has the id of ${sameId.connectionId} ${sameId.sequence}`)
    numbers.set(id, record)
    connection.told[sequence - 1] = record
  }
  return violations
}

function contentOf({ id, name, subject, syncId, value }: StreamRecord): string {
  return JSON.stringify([id, name, subject, syncId, value])
}
