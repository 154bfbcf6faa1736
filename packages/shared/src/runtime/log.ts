import { type DestinationStream, type LoggerOptions, type Logger as PinoLogger, pino, stdSerializers } from 'pino'
import { KnownError } from './errors.ts'
import { redactText } from './redact.ts'
import { currentTrace } from './trace.ts'

export type Logger = PinoLogger

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const secretFields = ['secret', 'authorization', 'password', 'token', 'cookie', 'set-cookie']

export interface LogOptions {
  readonly service: string
  readonly version: string
  readonly level: (typeof logLevels)[number]
}

/**
 * A pino logger that writes one JSON line per event to standard output: a constant message, data in
 * fields; tests give it another destination. Bind ids once with `log.child({ tenantId, connectionId })`; on whose behalf it
 * happens, `traceId` says by itself.
 */
export function createLog(options: LogOptions, destination?: DestinationStream): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: { service: options.service, version: options.version, instance: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceField,
    serializers: { err: serializeError },
    // A second line behind the rule that secrets never reach a log call.
    redact: {
      paths: secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
      censor: '[redacted]',
    },
  }
  return destination === undefined ? pino(settings) : pino(settings, destination)
}

/** The second part of a `traceparent`. */
function traceField(): { readonly traceId?: string | undefined } {
  const traceparent = currentTrace()
  return traceparent === undefined ? {} : { traceId: traceparent.split('-')[1] }
}

/** Only what is named here: an error of a driver holds its command, its URL or the answer as further properties. */
function serializeError(error: unknown): unknown {
  if (error instanceof KnownError) {
    const { name, code, remedy, retryable, context } = error
    return { type: name, code, remedy, retryable, context, ...textsOf(error), cause: serializeError(error.cause) }
  }
  if (error instanceof Error) {
    const { type, message, stack } = stdSerializers.err(error)
    return { type, ...textsOf({ message, stack }) }
  }
  return error === undefined ? undefined : { type: `no error but a ${typeof error}` }
}

/** What others wrote may quote what they were given. */
function textsOf({ message, stack = '' }: { readonly message: string; readonly stack?: string | undefined }) {
  return { message: redactText(message), stack: redactText(stack) }
}
