import { Counter, Histogram, type Registry } from 'prom-client'
import type { RequestReport } from './client.ts'

/** From a page that was at hand to one that took longer than anybody should wait. */
const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]

/**
 * Adds what a service asks of Bitbucket to its metrics; the result is what a client's `onRequest` calls. Endpoints are the
 * routes as Atlassian writes them, so no workspace and nobody's credential is in a label.
 */
export function createRequestMetrics(registry: Registry): (request: RequestReport) => void {
  const registers = [registry]
  const requests = new Counter({
    name: 'clarity_bitbucket_requests_total',
    help: 'Requests to the API of Bitbucket by route and status; `none`: no whole answer came. Those for tokens are left out',
    labelNames: ['endpoint', 'status'],
    registers,
  })
  const retries = new Counter({
    name: 'clarity_bitbucket_retries_total',
    help: 'Requests of these that try a call again',
    registers,
  })
  const seconds = new Histogram({
    name: 'clarity_bitbucket_request_seconds',
    help: 'From a request to the end of its answer',
    labelNames: ['endpoint'],
    buckets: secondsBuckets,
    registers,
  })
  return ({ endpoint, status, attempt, durationMs }) => {
    requests.inc({ endpoint, status: status === null ? 'none' : String(status) })
    seconds.observe({ endpoint }, durationMs / 1_000)
    if (attempt > 1) retries.inc()
  }
}
