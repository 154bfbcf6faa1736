import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/**
 * The figures of one process, for Prometheus: those of Node itself are in it, and all carry the label `service`. Make one in
 * `main.ts`, add what the service counts, and give it to the health server, which shows it at `GET /metrics`.
 */
export function createRegistry(service: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return registry
}

export interface MeasuredGauge {
  readonly name: string
  readonly help: string
  /** The label whose values `measure` names. */
  readonly label?: string
  /** One figure, or one for each value of the label; null when there is none. */
  readonly measure: () => Promise<number | Readonly<Record<string, number>> | null>
  /** How long a scrape waits for it; 2,000 if not given. */
  readonly timeoutMs?: number
}

/**
 * Adds a figure that is measured whenever somebody asks for the metrics. While it cannot be had, there is none, and the
 * others are told all the same.
 */
export function addMeasuredGauge(registry: Registry, gauge: MeasuredGauge): void {
  const { name, help, label, measure, timeoutMs = 2_000 } = gauge
  // One at a time: commands to a server that is away wait in memory.
  let measuring: ReturnType<typeof measure> | null = null
  const measureOnce = () => {
    measuring ??= measure().finally(() => {
      measuring = null
    })
    return measuring
  }
  new Gauge({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [registry],
    async collect() {
      // Why it failed is in the log of whoever works with it.
      const found = await Promise.race([measureOnce(), timeout(timeoutMs)]).catch(() => null)
      this.reset()
      if (typeof found === 'number') this.set(found)
      else if (label === undefined) this.remove()
      else for (const [value, figure] of Object.entries(found ?? {})) this.set({ [label]: value }, figure)
    },
  })
}

function timeout(ms: number): Promise<null> {
  const signal = AbortSignal.timeout(ms)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)))
}
