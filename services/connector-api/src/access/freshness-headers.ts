import type { Whose } from '@clarity/access-view'
import type { FastifyReply } from 'fastify'
import type { AccessGateway } from './access-gateway.ts'

/** What an answer includes. */
interface Answer {
  readonly sequence: number
}

/**
 * Says of an answer about access how fresh it is: `Data-Observed-At` (when the last sync ended that came to its end), `Data-Coverage`
 * (complete, partial, none) and `Data-Sequence` (the last event that is in the answer). What they say of one event never changes,
 * so it is looked up once.
 */
export class FreshnessHeaders {
  readonly #gateway: AccessGateway
  readonly #known = new Map<string, { readonly observedAt: string | null; readonly state: string }>()

  constructor(gateway: AccessGateway) {
    this.#gateway = gateway
  }

  async add(reply: FastifyReply, whose: Whose, { sequence }: Answer): Promise<void> {
    const { observedAt, state } = await this.#read(whose, sequence)
    reply.header('data-sequence', String(sequence)).header('data-coverage', state)
    if (observedAt !== null) reply.header('data-observed-at', observedAt)
  }

  async #read(whose: Whose, sequence: number) {
    const key = `${whose.tenantId} ${whose.connectionId} ${sequence}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { observedAt, state } = await this.#gateway.view().coverage({ ...whose, asOf: { sequence } })
    if (this.#known.size >= knownMax) this.#known.clear()
    this.#known.set(key, { observedAt, state })
    return { observedAt, state }
  }
}

const knownMax = 10_000
