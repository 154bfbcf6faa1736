import { type StreamRecord, toStreamRecord } from '@clarity/testkit/oracles/stream'
import type { Kafka } from 'kafkajs'

/** Every record of the topic as it comes, repeats and all. */
export class RecordedStream implements AsyncDisposable {
  readonly records: StreamRecord[] = []
  readonly problems: string[] = []
  readonly #consumer: ReturnType<Kafka['consumer']>
  readonly #waiting = new Set<() => void>()

  constructor(kafka: Kafka, groupId: string) {
    this.#consumer = kafka.consumer({ groupId })
  }

  async start(topic: string): Promise<void> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topic, fromBeginning: true })
    await this.#consumer.run({
      eachMessage: async ({ partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
        this.#take({
          partition,
          offset: message.offset,
          headers: Object.fromEntries(headers),
          value: `${message.value}`,
        })
      },
    })
  }

  of(connectionId: string): StreamRecord[] {
    return this.records.filter((record) => record.connectionId === connectionId)
  }

  /** Waits for a record; at once when it was here already. @throws Error when it is not by the time of `signal` */
  async until(matches: (record: StreamRecord) => boolean, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    while (!this.records.some(matches)) {
      if (signal.aborted) throw new Error(`the stream did not tell it in time; it told ${this.records.length} records`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer.disconnect()
  }

  #take(raw: Parameters<typeof toStreamRecord>[0]): void {
    try {
      this.records.push(toStreamRecord(raw))
    } catch (error) {
      this.problems.push(String(error))
    }
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
