import type { AccessView, AccessViewOptions, ConnectionCoverage, SequenceOf, Whose } from '@clarity/access-view'
import type { Clock } from '@clarity/shared/runtime/clock'
import { ConfigError, DependencyError, InputError } from '@clarity/shared/runtime/errors'
import type { HealthCheck } from '@clarity/shared/runtime/health'
import type { Logger } from '@clarity/shared/runtime/log'
import { delayBeforeRetry, type RetryPolicy, retry } from '@clarity/shared/runtime/retry'

import type { ViewFigures } from './view-metrics.ts'

/**
 * The access view of this process. It is opened and fed beside the API, which serves everything else meanwhile: what is asked of
 * the view before it is live is answered with a 503.
 *
 *   closed -> opening -> catching up -> live
 *      ^---------'------------'----------'        (one that fails is opened anew, after a while that grows)
 */
export interface AccessGateway {
  /** @throws DependencyError as long as it is not open, or switched off */
  view(): AccessView
  /** How fresh what is known of a connection is. */
  freshness(whose: Whose, sequence?: number): Promise<Freshness>
  readonly check: HealthCheck
}

export type Freshness = ConnectionCoverage & Pick<SequenceOf, 'knownFrom' | 'knownSince' | 'rebuilding'>

export interface ViewSource {
  readonly options: AccessViewOptions
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

const reopening: RetryPolicy = { initialMs: 500, maxMs: 30_000, factor: 2, attempts: Number.POSITIVE_INFINITY }

/** Opens the view and feeds it until the signal aborts. */
export class RunningAccessView implements AccessGateway {
  readonly #source: ViewSource
  #open: AccessView | null = null

  constructor(source: ViewSource) {
    this.#source = source
  }

  /**
   * Resolves when the signal has aborted and the view is closed. Whatever else ends it costs the answers about access, and nothing of
   * the rest of the API, until it is open again. Rejects on a database that can never do.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, random } = this.#source
    for (let failures = 1; !signal.aborted; failures++) {
      const openedAt = clock.now()
      try {
        await this.#runOnce(signal)
      } catch (err) {
        if (signal.aborted) return
        if (err instanceof ConfigError) throw err
        log.error({ event: 'view.failed', err }, 'the access view has failed; it is opened anew')
        if (clock.now() - openedAt > reopening.maxMs) failures = 1
        const waited = clock.sleep(delayBeforeRetry(reopening, failures, random()), signal)
        await waited.catch(() => undefined)
      }
    }
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    const { options, clock, log, random } = this.#source
    const onRetry = (err: unknown) => log.warn({ event: 'view.not-opened', err }, 'the access view is not open yet')
    try {
      await using view = await retry(reopening, { clock, random, signal, onRetry }, () => open(options))
      this.#open = view
      await view.run(signal)
    } finally {
      this.#open = null
    }
  }

  view(): AccessView {
    if (this.#open === null) throw notOpen()
    return this.#open
  }

  freshness(whose: Whose, sequence?: number): Promise<Freshness> {
    return readFreshnessOf(this.view(), whose, sequence)
  }

  /** How far it is; null as long as it is not open. */
  figures(): ViewFigures | null {
    return this.#open?.figures() ?? null
  }

  readonly check: HealthCheck = { name: 'access-view', check: async () => this.view().check() }
}

/** Loaded only where there is a view: PostgreSQL in the process, and what speaks to it, take their memory by being loaded. */
async function open(options: AccessViewOptions): Promise<AccessView> {
  const { openAccessView } = await import('@clarity/access-view')
  return openAccessView(options)
}

/** A view that stands open already, or none. */
export function createGateway(view: AccessView | null): AccessGateway {
  const insist = () => {
    if (view === null) throw switchedOff()
    return view
  }
  return {
    view: insist,
    freshness: (whose, sequence) => readFreshnessOf(insist(), whose, sequence),
    check: { name: 'access-view', check: async () => insist().check() },
  }
}

async function readFreshnessOf(view: AccessView, whose: Whose, sequence?: number): Promise<Freshness> {
  const asOf = sequence === undefined ? {} : { asOf: { sequence } }
  const [coverage, { knownFrom, knownSince, rebuilding }] = await Promise.all([
    view.coverage({ ...whose, ...asOf }),
    view.sequenceOf(whose),
  ])
  return { ...coverage, knownFrom, knownSince, rebuilding }
}

/** A connection that is there, and of which no event has come yet, will be known in a moment. */
export function whenKnown(error: unknown): never {
  if (!(error instanceof InputError) || error.code !== 'no-such-connection') throw error
  throw new DependencyError('access-view', 'The access view has no event of this connection yet', {
    remedy: 'Ask again in a moment: its first events are on their way.',
    cause: error,
  })
}

function notOpen(): DependencyError {
  return new DependencyError('access-view', 'The access view is not open yet', {
    remedy: 'Ask again in a moment; GET /readyz and the log say what is missing.',
  })
}

function switchedOff(): DependencyError {
  return new DependencyError('access-view', 'This process has no access view: it is switched off', {
    remedy: 'Set ACCESS_VIEW to on, or ask a process that has one.',
  })
}
