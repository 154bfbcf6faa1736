import { z } from 'zod'
import { type Config, httpUrl, variable, wholeNumber } from './config.ts'
import { kafkaSecurityVariables } from './kafka-security.ts'
import { logLevels } from './log.ts'
import { redisUrl } from './redis-url.ts'
import { Secret } from './secret.ts'

/** Variables that several services share, declared once. */

/** Where a service listens, how much it logs, and where its spans go. */
export function commonVariables(defaultPort: number) {
  return {
    HOST: variable({
      schema: z.string().min(1),
      description: 'The address to listen on.',
      example: '127.0.0.1',
      default: '0.0.0.0',
    }),
    PORT: variable({
      schema: wholeNumber(0, 65_535),
      description: 'The port to listen on; 0 takes a free one.',
      example: String(defaultPort),
      default: String(defaultPort),
    }),
    LOG_LEVEL: variable({
      schema: z.enum(logLevels, `is not one of ${logLevels.join(', ')}`),
      description: 'The least level that is logged.',
      example: 'info',
      default: 'info',
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: variable({
      schema: z.union([z.literal(''), httpUrl()]),
      description:
        'Where spans are sent, as JSON to `/v1/traces` below it; not set: there are none. Headers for it: OTEL_EXPORTER_OTLP_HEADERS.',
      example: 'http://localhost:4318',
      default: '',
    }),
  }
}

/** How Redis is reached, and how the keys in it are laid out. */
export const redisVariables = {
  REDIS_URL: variable({
    schema: redisUrl(),
    description:
      'Redis 7 with AOF, appendfsync always and noeviction, as a redis:// or rediss:// URL; a cluster by some of its nodes: redis+cluster://host:port,host:port. A login in it is kept secret.',
    example: 'redis://localhost:6379/0',
    default: null,
  }),
  REDIS_KEY_PREFIX: variable({
    schema: z.string().regex(/^[a-z0-9-]+$/, 'has other characters than lower case letters, digits and hyphens'),
    description: 'What every key name begins with; the same in every service of a deployment.',
    example: 'clarity',
    default: 'clarity',
  }),
  SHARDS: variable({
    schema: wholeNumber(1, 4_096),
    description: 'How many shards connections are spread over; the same in every service, fixed for a deployment.',
    example: '64',
    default: '64',
  }),
}

const isMasterKey = (value: string) => Buffer.from(value, 'base64').length === 32

/** A mistake is told by the place of its key: what stands there may be one. */
const masterKeys = z.string().transform((text, context): Secret[] => {
  const keys = text === '' ? [] : text.split(',').map((key) => key.trim())
  for (const [index, key] of keys.entries()) {
    if (!isMasterKey(key)) context.addIssue({ code: 'custom', message: `key ${index + 1} is not 32 bytes in base64` })
  }
  return keys.map((key) => new Secret(key))
})

/** The keys under which secrets are at rest. */
export const masterKeyVariables = {
  MASTER_KEY: variable({
    schema: z
      .string()
      .refine(isMasterKey, 'is not 32 bytes in base64')
      .transform((value) => new Secret(value)),
    description: 'Seals secrets at rest: 32 random bytes in base64, made by `openssl rand -base64 32`.',
    example: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    default: null,
  }),
  MASTER_KEYS_PREVIOUS: variable({
    schema: masterKeys,
    description:
      'Further master keys, separated by commas: what was sealed under them opens, and nothing is sealed under them. Only while the master key is changed, see security.md.',
    example: 'ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=',
    default: '',
  }),
}

function hasNoPath(url: string): boolean {
  return new URL(url).pathname === '/'
}

/** Where Bitbucket is. */
export const bitbucketVariables = {
  BITBUCKET_URL: variable({
    schema: z.union([
      z.literal(''),
      httpUrl().refine(hasNoPath, 'has a path; the API is looked for below /2.0 and /1.0'),
    ]),
    description: "Stands in for Bitbucket's own two hosts, such as a simulator. Not set: Bitbucket Cloud itself.",
    example: 'http://localhost:7990',
    default: '',
  }),
  BITBUCKET_REQUESTS_PER_HOUR: variable({
    schema: wholeNumber(1, 1_000_000_000),
    description:
      'How many requests one credential makes in any rolling hour, by all processes together; the same in every service.',
    example: '1000',
    default: '1000',
  }),
}

/** Bitbucket's two hosts, or the one base URL that the operator gave for both. */
export function bitbucketUrls(baseUrl: string): { readonly api: string; readonly token: string } {
  if (baseUrl !== '') return { api: baseUrl, token: `${baseUrl}/site/oauth2/access_token` }
  return { api: 'https://api.bitbucket.org', token: 'https://bitbucket.org/site/oauth2/access_token' }
}

/** How Kafka is reached, and what the topics are called. */
export const kafkaVariables = {
  KAFKA_BROKERS: variable({
    schema: z
      .string()
      .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'is not a comma-separated list of host:port')
      .transform((value) => value.split(',')),
    description: 'Brokers to ask first, as host:port, separated by commas.',
    example: 'localhost:9092',
    default: null,
  }),
  TOPIC_PREFIX: variable({
    schema: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,200}$/, 'has other characters than letters, digits, dot, underscore, hyphen'),
    description: 'What the names of the topics begin with; the events go to `<prefix>.changes`.',
    example: 'clarity.bitbucket',
    default: 'clarity.bitbucket',
  }),
  ...kafkaSecurityVariables,
}

export type KafkaClientConfig = Pick<
  Config<typeof kafkaVariables>,
  'KAFKA_BROKERS' | keyof typeof kafkaSecurityVariables
>

/** How long what a dead process held stays with it. */
export const leaseVariable = {
  LEASE_SECONDS: variable({
    schema: wholeNumber(2, 600),
    description:
      'How long what this process works on stays with it after it died; shorter means that another one takes over sooner.',
    example: '30',
    default: '30',
  }),
}
