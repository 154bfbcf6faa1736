import { createRequestMetrics } from '@clarity/bitbucket/metrics'
import { Gauge, Histogram, type Registry } from 'prom-client'
import { addViewMetrics, type ViewFigures } from './access/view-metrics.ts'

/** A look at a row, or a check of a credential at Bitbucket. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Adds the metrics of the API to a registry; once for each registry. */
export function createApiMetrics(registry: Registry, readView: () => ViewFigures | null = () => null) {
  addViewMetrics(registry, readView)
  const registers = [registry]
  const seconds = new Histogram({
    name: 'clarity_http_request_seconds',
    help: 'Requests to the API by method, route and status, from their headers to the end of the answer; probes are left out',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers,
  })
  const inFlight = new Gauge({
    name: 'clarity_http_requests_in_flight',
    help: 'Requests to the API that are being answered',
    registers,
  })
  return { seconds, inFlight, requestMade: createRequestMetrics(registry) }
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>
