import { collectDefaultMetrics, Registry } from 'prom-client'

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
