import { createApiMetrics } from '@clarity/connector-api/metrics'
import { createPublisherMetrics } from '@clarity/publisher/metrics'
import { addDependencyMetrics } from '@clarity/shared/runtime/health'
import { createSyncWorkerMetrics } from '@clarity/sync-worker/metrics'
import { Registry } from 'prom-client'
import { z } from 'zod'

/** A metric as its registry has it. */
const Metric = z.object({
  name: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  help: z.string(),
  labelNames: z.array(z.string()),
})
export type Metric = z.infer<typeof Metric>

const notAsked = () => Promise.reject(new Error('nobody asks for figures here'))

/** The services with what adds their metrics to a registry, as their `main.ts` does. */
const services: Readonly<Record<string, (registry: Registry) => void>> = {
  'connector-api': (registry) => void createApiMetrics(registry),
  'sync-worker'(registry) {
    const figures = { jobs: notAsked, oldestWaitingSeconds: notAsked, connectionsHeld: notAsked }
    createSyncWorkerMetrics({ registry, figures, nowMs: () => 0 })
  },
  publisher(registry) {
    createPublisherMetrics({ registry, outbox: { size: notAsked, read: notAsked }, nowMs: () => 0 })
  },
}

/** Every metric of ours, by service. */
export function metricsOfServices(): ReadonlyMap<string, readonly Metric[]> {
  return new Map(
    Object.entries(services).map(([service, add]) => {
      const registry = new Registry()
      addDependencyMetrics(registry, [])
      add(registry)
      return [service, registry.getMetricsAsArray().map((metric) => Metric.parse(metric))]
    }),
  )
}

/** The text of docs/metrics.md. */
export function renderMetrics(): string {
  const sections = [...metricsOfServices()].map(([service, metrics]) => renderService(service, metrics))
  return `${[intro, ...sections].join('\n\n')}\n`
}

const intro = `# Metrics

Each service shows its figures at \`GET /metrics\` of its own port, without a key, in the text format of Prometheus. All carry the
label \`service\`. Beside those named here are the figures of Node itself (\`process_…\`, \`nodejs_…\`: memory, processor, lag of the
event loop). No label names a tenant, a connection or a credential: that is what the log is for, whose lines have the ids.

What to watch first: \`clarity_outbox_oldest_seconds\` (the stream is behind), \`clarity_queue_oldest_waiting_seconds\` (too few workers),
\`clarity_worker_syncs_total{result="failed"}\`, \`clarity_connections_held\` (somebody must decide),
\`clarity_publisher_events_withheld_total\` and \`clarity_worker_slices_total{outcome="defect"}\` (both stay at 0 when all is well), and
\`clarity_bitbucket_requests_total{status="429"}\` (others use the same consumer).

Alerts on them are in [deploy/prometheus/](../deploy/prometheus), a dashboard in [deploy/grafana/](../deploy/grafana), and what to do
in [runbook.md](runbook.md).

This page is made from the code by \`pnpm run docs\`; a test fails when it is out of date.`

function renderService(service: string, metrics: readonly Metric[]): string {
  const rows = metrics
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labelNames, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${type} | ${labels} | ${help} |`
    })
  return [`## ${service}`, '', '| metric | kind | labels | meaning |', '|---|---|---|---|', ...rows].join('\n')
}
