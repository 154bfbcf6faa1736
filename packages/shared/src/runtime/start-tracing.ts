import type { OtlpOptions } from './otlp-tracing.ts'
import { noTracing, type Tracing } from './tracing.ts'

export interface TracingOptions extends Omit<OtlpOptions, 'url'> {
  /** Base URL of an OTLP/HTTP receiver; empty for no tracing. */
  readonly endpoint: string
}

/** Starts to send spans to the endpoint, if there is one. Disposing of it sends what is left, for some seconds at most. */
export async function startTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing> {
  if (endpoint === '') return noTracing
  // Some 20 MiB, only for who has asked for it.
  const { startOtlpTracing } = await import('./otlp-tracing.ts')
  return startOtlpTracing({ ...options, url: `${endpoint}/v1/traces` })
}
