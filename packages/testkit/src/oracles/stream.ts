/**
 * The stream as it lies in Kafka, in plain terms. Like everything in this folder it imports nothing of ours: what judges
 * shares no code with what is judged, and writes the form of a record down once more.
 */

/** A record as a Kafka client gives it. */
export interface RawRecord {
  readonly partition: number
  readonly offset: string
  /** Header -> value; CloudEvents' binary mode. */
  readonly headers: Readonly<Record<string, string>>
  readonly value: string
}

export interface StreamRecord {
  readonly partition: number
  readonly offset: string
  readonly id: string
  /** The CloudEvents type without what all types have: `sync.completed`. */
  readonly name: string
  readonly subject: string
  readonly connectionId: string
  readonly sequence: number
  /** The sync that it comes from. */
  readonly syncId: string
  readonly value: string
}

/** @throws Error for a record that lacks what every record has */
export function toStreamRecord({ partition, offset, headers, value }: RawRecord): StreamRecord {
  const header = (name: string) => {
    const found = headers[name]
    if (found === undefined) throw new Error(`partition ${partition}, offset ${offset}: no ${name}`)
    return found
  }
  const name = /^io\.claritysecurity\.access\.(.+)\.v\d+$/.exec(header('ce_type'))?.[1]
  const sequence = header('ce_sequence')
  if (name === undefined) throw new Error(`offset ${offset}: an unknown type ${headers.ce_type}`)
  if (!/^\d{20}$/.test(sequence)) throw new Error(`offset ${offset}: ${sequence} is not a sequence of 20 digits`)
  return {
    partition,
    offset,
    id: header('ce_id'),
    name,
    subject: header('ce_subject'),
    connectionId: header('ce_partitionkey'),
    sequence: Number(sequence),
    syncId: header('ce_correlationid'),
    value,
  }
}

/** The first record of each number of a connection, in the order of the stream: what a consumer keeps of it. */
export function withoutRepeats(records: readonly StreamRecord[]): StreamRecord[] {
  const seen = new Set<string>()
  return records.filter(({ connectionId, sequence }) => {
    const number = `${connectionId} ${sequence}`
    return !seen.has(number) && seen.add(number)
  })
}
