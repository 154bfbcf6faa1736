import { type StreamRecord, toStreamRecord } from '@clarity/testkit/oracles/stream'
import { type Consumer, Kafka, logLevel } from 'kafkajs'

/**
 * Every record of the topic, repeats and all. One that is read again, since a broker has forgotten how far we were, lies at the same
 * place and is the same: that is no repeat, for it is there once.
 */
export class RecordedStream implements AsyncDisposable {
  readonly records: StreamRecord[] = []
  readonly problems: string[] = []
  readonly #consumer: Consumer
  readonly #waiting = new Set<() => void>()
  /** Place -> id of the record that lies there. */
  readonly #places = new Map<string, string>()

  constructor(brokers: readonly string[], groupId: string) {
    // Brokers are killed and paused: it comes back, however long that takes.
    const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 1_000_000 }
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, requestTimeout: 5_000, retry })
    this.#consumer = kafka.consumer({ groupId, sessionTimeout: 10_000 })
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
      const record = toStreamRecord(raw)
      const place = `${raw.partition} ${raw.offset}`
      const before = this.#places.get(place)
      if (before !== undefined && before !== record.id) this.problems.push(`${place}: another record than before`)
      if (before === undefined) this.records.push(record)
      this.#places.set(place, record.id)
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
