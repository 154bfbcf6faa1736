import { KnownError } from './errors.ts'
import { currentTrace, traceOf, withTrace } from './trace.ts'

/**
 * Spans, for who wants to see where the time goes. Without an endpoint there are none: nothing of OpenTelemetry is loaded,
 * and a span is the trace that goes along anyway. With one, `currentTrace` within a span names that span, so what is written
 * there, down to the record in Kafka, points to it.
 */
export interface Tracing extends AsyncDisposable {
  /** Begins a span that somebody else ends; what belongs to it is to run within `withTrace(span.traceparent, ...)`. */
  start(name: string, options: SpanOptions): Span
  /** Runs `work` within a span, which ends with it. */
  withSpan<Result>(name: string, options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result>
}

/** `server` and `consumer` begin what we do on somebody's behalf; `client` and `producer` are what we ask of others. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer'

/** Constant texts, ids, sizes; never a secret, a name, an address, nor a URL with something in it. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface SpanOptions {
  readonly kind: SpanKind
  readonly attributes?: SpanAttributes
  /** The `traceparent` on whose behalf it is done; if not given, the one that we are in. */
  readonly parent?: string | undefined
  /** Further ones: of a batch, those of what is in it. At most 128 are kept. */
  readonly links?: readonly string[]
}

export interface Span {
  /** What goes along with whatever belongs to it; empty where nothing does. */
  readonly traceparent: string
  set(attributes: SpanAttributes): void
  /** With an error, or a word for it, it has failed: the kind of error is kept, its words are not. */
  end(error?: unknown): void
}

const notRecorded: Span = { traceparent: '', set: () => undefined, end: () => undefined }

/** Hands everything through: traces go along, and no span is recorded. */
export const noTracing: Tracing = {
  start: (_name, options) => passedOn(options),
  withSpan(_name, options, work) {
    const { kind, parent } = options
    // Only who begins something needs a trace where there is none.
    if (parent === undefined && (kind === 'client' || kind === 'producer')) return work(notRecorded)
    const span = passedOn(options)
    return withTrace(span.traceparent, () => work(span))
  },
  [Symbol.asyncDispose]: async () => undefined,
}

function passedOn({ parent }: SpanOptions): Span {
  return { ...notRecorded, traceparent: traceOf(parent ?? currentTrace()) }
}

/** What a failed span says of its error: a code of ours, or the class of what we do not know. */
export function errorTypeOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof KnownError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
