import { loadConfig } from '@clarity/shared/runtime/config'
import { ConfigError } from '@clarity/shared/runtime/errors'
import { services } from './services.ts'

/** What Node, kafkajs and the libraries of the images read themselves. */
const others = ['NODE_OPTIONS', 'OTEL_EXPORTER_OTLP_HEADERS', 'TZ']

/**
 * What a service has against the variables that a deployment gives it: names that it does not read, values that it refuses, what is missing. A
 * value that is only known where it runs is null, and taken for one that works.
 */
export function variableFaults(service: string, given: Readonly<Record<string, string | null>>): string[] {
  const variables = services.find(({ name }) => name === service)?.variables
  if (variables === undefined) return [`${service}: no such service`]
  const unknown = Object.keys(given).filter((name) => !(name in variables) && !others.includes(name))
  const filled = Object.entries(given).map(([name, value]) => [name, value ?? variables[name]?.example ?? ''] as const)
  return [...unknown.map((name) => `${name}: ${service} does not read it`), ...mistakes(variables, filled)]
}

function mistakes(variables: Parameters<typeof loadConfig>[0], given: (readonly [string, string])[]): string[] {
  try {
    loadConfig(variables, Object.fromEntries(given))
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ field, message }) => `${field}: ${message}`)
    throw error
  }
}
