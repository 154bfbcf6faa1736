import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ensureJars } from '@clarity/launcher/jars'
import { ensureJava } from '@clarity/launcher/kafka'
import type { RawRecord } from './oracles/stream.ts'

// Characters that no header, key or value of ours contains: JSON escapes them.
const fieldSeparator = '\u0001'
const headerSeparator = '\u0002'
/** Quiet for so long, the topic has ended: what is read lies in Kafka before the reading begins. */
const quietMs = 5_000

/**
 * All that a topic tells, read by Kafka's own console consumer with `read_committed`: a reader that is not ours, nor built
 * on the client that we publish with. The records of a partition come in their order.
 * @throws Error when the consumer ends with anything but the end of the topic, or prints what is no record
 */
export async function readByConsoleConsumer(options: {
  readonly brokers: readonly string[]
  readonly topic: string
}): Promise<RawRecord[]> {
  const [java, jarsDir] = await Promise.all([ensureJava(), ensureJars(jars)])
  const consumer = spawn(java, ['-cp', join(jarsDir, '*'), consoleConsumer, ...argumentsFor(options)])
  const said: string[] = []
  createInterface({ input: consumer.stderr }).on('line', (line) => said.push(line))
  const records: RawRecord[] = []
  for await (const line of createInterface({ input: consumer.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    records.push(toRecord(line))
  }
  const [exitCode] = consumer.exitCode === null ? await once(consumer, 'exit') : [consumer.exitCode]
  // It ends with 0 also when it could not read: only a time-out and the right total are the end of the topic.
  const isEnd = said.some((line) => line.includes('TimeoutException'))
  const isWhole = said.includes(`Processed a total of ${records.length} messages`)
  if (exitCode === 0 && isEnd && isWhole) return records
  throw new Error(
    `Kafka's console consumer ended with ${exitCode} after ${records.length} records:\n${said.join('\n')}`,
  )
}

const jars = {
  name: 'kafka-console-consumer',
  version: '4.3.0',
  pom: fileURLToPath(new URL('../console-consumer/pom.xml', import.meta.url)),
  checksums: fileURLToPath(new URL('../console-consumer/console-consumer.sha256', import.meta.url)),
}
const consoleConsumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer'

function argumentsFor({ brokers, topic }: { readonly brokers: readonly string[]; readonly topic: string }): string[] {
  const shown = ['partition', 'offset', 'headers', 'key'].map((name) => `print.${name}=true`)
  const separators = [`key.separator=${fieldSeparator}`, `headers.separator=${headerSeparator}`]
  return [
    ...['--bootstrap-server', brokers.join(','), '--topic', topic, '--from-beginning'],
    ...['--isolation-level', 'read_committed', '--timeout-ms', String(quietMs)],
    ...[...shown, ...separators].flatMap((property) => ['--formatter-property', property]),
  ]
}

function toRecord(line: string): RawRecord {
  const [partition = '', offset = '', headers = '', key, value, ...more] = line.split(fieldSeparator)
  const isRecord = /^Partition:\d+$/.test(partition) && /^Offset:\d+$/.test(offset) && key !== undefined
  if (!isRecord || value === undefined || more.length > 0) throw new Error(`not a record: ${line}`)
  return {
    partition: Number(partition.slice('Partition:'.length)),
    offset: offset.slice('Offset:'.length),
    headers: headers === 'NO_HEADERS' ? {} : Object.fromEntries(headers.split(headerSeparator).map(splitHeader)),
    value,
  }
}

function splitHeader(header: string): [string, string] {
  const end = header.indexOf(':')
  return [header.slice(0, end), header.slice(end + 1)]
}
