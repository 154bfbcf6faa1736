import type { HealthCheck } from '@clarity/shared/runtime/health'
import type { Queue, Worker } from 'bullmq'

/** Ready when this process takes jobs and the queue can be read: Redis may answer a ping and refuse just that. */
export class QueueCheck implements HealthCheck {
  readonly name = 'queue'
  readonly #queue: Pick<Queue, 'getJobCounts'>
  #worker: Pick<Worker, 'isRunning'> | null = null

  constructor(queue: Pick<Queue, 'getJobCounts'>) {
    this.#queue = queue
  }

  /** From now on this worker is to take jobs. */
  watch(worker: Pick<Worker, 'isRunning'>): void {
    this.#worker = worker
  }

  async check(): Promise<void> {
    if (this.#worker?.isRunning() !== true) throw new Error('no jobs are taken')
    await this.#queue.getJobCounts('waiting')
  }
}
