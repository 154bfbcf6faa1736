import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Config, variable } from './config.ts'
import { ConfigError, type Mistake } from './errors.ts'
import { Secret } from './secret.ts'

/**
 * How a Kafka client proves who it is and knows whom it talks to: the variables, and what kafkajs takes for them. The same in
 * every process that speaks to Kafka.
 */
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

export const kafkaSecurityVariables = {
  KAFKA_TLS: variable({
    schema: z.enum(['false', 'true'], 'is not true or false').transform((value) => value === 'true'),
    description: 'Whether Kafka is spoken to by TLS.',
    example: 'true',
    default: 'false',
  }),
  KAFKA_TLS_CA_FILE: variable({
    schema: z.string(),
    description:
      "PEM file of the authorities that the brokers' certificates may be from. Not set: those that Node knows.",
    example: '/etc/clarity/kafka-ca.pem',
    default: '',
  }),
  KAFKA_TLS_CERT_FILE: variable({
    schema: z.string(),
    description: 'PEM file of the certificate that this client shows, with its chain; only with KAFKA_TLS_KEY_FILE.',
    example: '/etc/clarity/kafka-client.pem',
    default: '',
  }),
  KAFKA_TLS_KEY_FILE: variable({
    schema: z.string(),
    description: 'PEM file of the private key to KAFKA_TLS_CERT_FILE, without a passphrase.',
    example: '/etc/clarity/kafka-client.key',
    default: '',
  }),
  KAFKA_SASL_MECHANISM: variable({
    schema: z.union([z.literal(''), z.enum(mechanisms)], `is not one of ${mechanisms.join(', ')}`),
    description: `How this client logs in to Kafka: ${mechanisms.join(', ')}. Not set: not at all. plain needs KAFKA_TLS.`,
    example: 'scram-sha-512',
    default: '',
  }),
  KAFKA_SASL_USERNAME: variable({
    schema: z.string(),
    description: 'Whom this client logs in as; with KAFKA_SASL_MECHANISM.',
    example: 'clarity-publisher',
    default: '',
  }),
  KAFKA_SASL_PASSWORD: variable({
    schema: z.string().transform((value) => new Secret(value)),
    description: 'The password of KAFKA_SASL_USERNAME.',
    example: 'the-password-of-the-user',
    default: '',
  }),
}

export type KafkaSecurityConfig = Config<typeof kafkaSecurityVariables>

/** A part of kafkajs's `KafkaConfig`. It holds the password in clear: it goes to the client and nowhere else. */
export interface KafkaSecurity {
  readonly ssl?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly sasl?: SaslLogin<(typeof mechanisms)[number]>
}

/** One type for each mechanism, as kafkajs has it. */
type SaslLogin<Mechanism> = Mechanism extends string
  ? { readonly mechanism: Mechanism; readonly username: string; readonly password: string }
  : never

/**
 * What kafkajs takes for these variables; reads the files.
 * @throws ConfigError with every mistake at once: a file that cannot be used, a variable without the one it needs, or a
 * password that would go over the wire in clear.
 */
export function toKafkaSecurity(config: KafkaSecurityConfig): KafkaSecurity {
  const mistakes: Mistake[] = [...findMistakes(config)]
  const ca = readPem(config, 'KAFKA_TLS_CA_FILE', toCertificate, mistakes)
  const cert = readPem(config, 'KAFKA_TLS_CERT_FILE', toCertificate, mistakes)
  const key = readPem(config, 'KAFKA_TLS_KEY_FILE', createPrivateKey, mistakes)
  if (cert && key && !cert.parsed.checkPrivateKey(key.parsed)) {
    mistakes.push({
      field: 'KAFKA_TLS_KEY_FILE',
      message: 'is not the key to the certificate in KAFKA_TLS_CERT_FILE',
      remedy: 'Give the pair that was made together; the own certificate stands first in its file.',
    })
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const mechanism = config.KAFKA_SASL_MECHANISM
  return {
    ...(config.KAFKA_TLS && {
      ssl: { ...(ca && { ca: ca.text }), ...(cert && { cert: cert.text }), ...(key && { key: key.text }) },
    }),
    ...(mechanism !== '' && {
      sasl: { mechanism, username: config.KAFKA_SASL_USERNAME, password: config.KAFKA_SASL_PASSWORD.reveal() },
    }),
  }
}

type FileVariable = 'KAFKA_TLS_CA_FILE' | 'KAFKA_TLS_CERT_FILE' | 'KAFKA_TLS_KEY_FILE'
const fileVariables: readonly FileVariable[] = ['KAFKA_TLS_CA_FILE', 'KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE']

/** What the variables say of each other, without a look into a file. */
function* findMistakes(config: KafkaSecurityConfig): Generator<Mistake> {
  if (!config.KAFKA_TLS) {
    for (const field of fileVariables.filter((name) => config[name] !== '')) {
      yield { field, message: 'is set, but KAFKA_TLS is false', remedy: `Set KAFKA_TLS to true, or unset ${field}.` }
    }
  }
  const { KAFKA_TLS_CERT_FILE: cert, KAFKA_TLS_KEY_FILE: key } = config
  if (cert !== '' && key === '') yield without('KAFKA_TLS_KEY_FILE', 'KAFKA_TLS_CERT_FILE')
  if (key !== '' && cert === '') yield without('KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE')
  const sasl = {
    KAFKA_SASL_MECHANISM: config.KAFKA_SASL_MECHANISM !== '',
    KAFKA_SASL_USERNAME: config.KAFKA_SASL_USERNAME !== '',
    KAFKA_SASL_PASSWORD: config.KAFKA_SASL_PASSWORD.reveal() !== '',
  }
  const given = Object.entries(sasl).find(([, isSet]) => isSet)?.[0]
  if (given === undefined) return
  for (const [name, isSet] of Object.entries(sasl)) if (!isSet) yield without(name, given)
  if (config.KAFKA_SASL_MECHANISM === 'plain' && !config.KAFKA_TLS) {
    yield {
      field: 'KAFKA_SASL_MECHANISM',
      message: 'is plain, but KAFKA_TLS is false: the password would go over the wire in clear',
      remedy: 'Set KAFKA_TLS to true, or use scram-sha-512.',
    }
  }
}

function without(field: string, given: string): Mistake {
  return { field, message: `is not set, but ${given} is`, remedy: `Set ${field}, or unset ${given}.` }
}

/** The file's text with what it was parsed to; undefined when none is set, or when it added a mistake. */
function readPem<Parsed extends X509Certificate | KeyObject>(
  config: KafkaSecurityConfig,
  field: FileVariable,
  parse: (text: string) => Parsed,
  mistakes: Mistake[],
): { readonly text: string; readonly parsed: Parsed } | undefined {
  const path = config[field]
  if (path === '') return undefined
  try {
    const text = readFileSync(path, 'utf8')
    return { text, parsed: parse(text) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const { description, example } = kafkaSecurityVariables[field]
    const remedy = `${description} This process must be able to read it. For example: ${example}`
    mistakes.push({ field, message: `names a file that cannot be used (${path}: ${reason})`, remedy })
    return undefined
  }
}

function toCertificate(text: string): X509Certificate {
  return new X509Certificate(text)
}
