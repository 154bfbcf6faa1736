import { ROOT_CONTEXT, type SpanContext, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Logger } from './log.ts'
import { currentTrace, withTrace } from './trace.ts'
import { errorTypeOf, type Span, type SpanOptions, type Tracing } from './tracing.ts'

export interface OtlpOptions {
  readonly service: string
  readonly version: string
  /** Where spans are posted. */
  readonly url: string
  readonly log: Logger
}

/** Closing a service must not wait for a receiver that is away. */
const exportTimeoutMs = 3_000

const kinds: Readonly<Record<SpanOptions['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/**
 * Tracing by the SDK of OpenTelemetry; only `startTracing` loads it. Nothing is instrumented by itself, and nothing is
 * registered globally: parents come from our own trace. Whether a trace is recorded says its `traceparent`; one that begins
 * here is. Spans are sent in batches in the background, and what does not fit into 2,048 of them is dropped.
 */
export function startOtlpTracing({ service, version, url, log }: OtlpOptions): Tracing {
  const exporter = loudly(new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs }), log)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'clarity-bitbucket',
      'service.name': service,
      'service.version': version,
      'service.instance.id': String(process.pid),
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: exportTimeoutMs })],
  })
  const tracer = provider.getTracer(service, version)
  const start = (name: string, options: SpanOptions) => startSpan(tracer, name, options)
  return {
    start,
    async withSpan(name, options, work) {
      const span = start(name, options)
      try {
        const result = await withTrace(span.traceparent, () => work(span))
        span.end()
        return result
      } catch (error) {
        span.end(error)
        throw error
      }
    },
    async [Symbol.asyncDispose]() {
      // What could not be sent is in the log by now.
      await provider.shutdown().catch(() => undefined)
    },
  }
}

function startSpan(tracer: Tracer, name: string, options: SpanOptions): Span {
  const { kind, attributes = {}, parent = currentTrace(), links = [] } = options
  const parentContext = toSpanContext(parent)
  const context = parentContext === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parentContext)
  const contexts = links.map(toSpanContext).filter((link) => link !== null)
  const settings = { kind: kinds[kind], attributes, links: contexts.map((linked) => ({ context: linked })) }
  const span = tracer.startSpan(name, settings, context)
  return {
    traceparent: toTraceparent(span.spanContext()),
    set: (more) => void span.setAttributes(more),
    end(error) {
      if (error !== undefined) {
        span.setAttribute('error.type', errorTypeOf(error))
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  }
}

function toSpanContext(traceparent: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

function toTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

/** Tells the log when spans no longer arrive, once until they do again. */
function loudly(exporter: SpanExporter, log: Logger): SpanExporter {
  let isFailing = false
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        const { error } = result
        if (error !== undefined && !isFailing) {
          // An answer of the receiver could quote what it was sent.
          log.warn({ event: 'traces.not-sent', reason: errorTypeOf(error), spans: spans.length }, 'spans are lost')
        }
        if (error === undefined && isFailing) log.info({ event: 'traces.sent-again' }, 'spans arrive again')
        isFailing = error !== undefined
        onResult(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}
