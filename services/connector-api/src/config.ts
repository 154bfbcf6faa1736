import { TenantId } from '@clarity/shared/contract/ids'
import { type Config, httpUrl, loadConfig, urlWithLogin, variable, wholeNumber } from '@clarity/shared/runtime/config'
import { ConfigError, type Mistake } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import {
  bitbucketVariables,
  commonVariables,
  kafkaVariables,
  masterKeyVariables,
  redisVariables,
} from '@clarity/shared/runtime/variables'
import { z } from 'zod'

/** The key with which a tenant's callers authenticate. */
export interface ApiKey {
  readonly tenantId: TenantId
  readonly key: Secret
}

const keyLengthMin = 16

/** A mistake is told by the place of its pair: what stands there may be a key. */
const apiKeys = z.string().transform((text, context): ApiKey[] => {
  const keys = listOf(text).map((pair, index) => {
    const [tenant = '', ...rest] = pair.split('=')
    const key = rest.join('=')
    const mistake = (message: string) => context.addIssue({ code: 'custom', message: `pair ${index + 1} ${message}` })
    if (!TenantId.safeParse(tenant).success)
      mistake('does not begin with a tenant id (lower case letters, digits, hyphen)')
    if (key.length < keyLengthMin) mistake(`has no key of ${keyLengthMin} characters or more after its =`)
    return { tenantId: tenant, key: new Secret(key) }
  })
  if (hasRepeats(keys.map(({ key }) => key.reveal()))) {
    context.addIssue({ code: 'custom', message: 'the same key is given twice' })
  }
  return keys
})

const operatorKeys = z.string().transform((text, context): Secret[] => {
  const keys = listOf(text)
  const short = keys.findIndex((key) => key.length < keyLengthMin)
  if (short >= 0) {
    context.addIssue({ code: 'custom', message: `key ${short + 1} has fewer than ${keyLengthMin} characters` })
  }
  return keys.map((key) => new Secret(key))
})

/** What the connector-api is configured with. */
export const variables = {
  ...commonVariables(8080),
  ...redisVariables,
  ...masterKeyVariables,
  ...bitbucketVariables,
  API_KEYS: variable({
    schema: apiKeys,
    description:
      'Bearer keys of tenants that stand in the configuration: tenant=key pairs, separated by commas; keys of 16 characters ' +
      'or more. They have every scope of a tenant; further keys are made through the API.',
    example: 'acme=a-long-random-key-of-acme,globex=a-long-random-key-of-globex',
    default: '',
  }),
  OPERATOR_KEYS: variable({
    schema: operatorKeys,
    description: 'Bearer keys of operators, separated by commas, of 16 characters or more: they make tenants and keys.',
    example: 'a-long-random-key-of-the-operator',
    default: '',
  }),
  OIDC_ISSUER: variable({
    schema: z.union([z.literal(''), httpUrl()]),
    description: 'Issuer of tokens (JWT) that are accepted as well, as it names itself. Not set: API keys only.',
    example: 'https://login.example.com',
    default: '',
  }),
  OIDC_AUDIENCE: variable({
    schema: z.string(),
    description: 'What tokens must be made for; with OIDC_ISSUER.',
    example: 'clarity-bitbucket',
    default: '',
  }),
  OIDC_TENANT_CLAIM: variable({
    schema: z.string().min(1),
    description: 'The claim of a token that names the tenant.',
    example: 'tenant',
    default: 'tenant',
  }),
  API_REQUESTS_PER_MINUTE: variable({
    schema: wholeNumber(1, 1_000_000_000),
    description: 'How many requests a caller may make within a minute, by all processes together.',
    example: '1200',
    default: '1200',
  }),
  ...kafkaVariables,
  KAFKA_BROKERS: variable({
    schema: z.union([z.literal('').transform((): string[] => []), kafkaVariables.KAFKA_BROKERS.schema]),
    description: `${kafkaVariables.KAFKA_BROKERS.description} The access view is fed from there; not needed without it.`,
    example: kafkaVariables.KAFKA_BROKERS.example,
    default: '',
  }),
  ACCESS_VIEW: variable({
    schema: z.enum(['on', 'off'], 'is not one of on, off'),
    description: 'Whether this process answers who has which access; off: all of these questions get a 503.',
    example: 'on',
    default: 'on',
  }),
  DATABASE_URL: variable({
    schema: z.union([z.literal('').transform(() => null), urlWithLogin(/^postgres(ql)?:$/)]),
    description:
      'PostgreSQL 15 or newer that keeps the access view for all processes; a login in it is kept secret. Not set: each process ' +
      'keeps one of its own (PGlite).',
    example: 'postgres://clarity@localhost:5432/clarity',
    default: '',
  }),
  ACCESS_VIEW_DIR: variable({
    schema: z.string(),
    description:
      'Folder of the access view that this process keeps for itself. Not set: in memory, built anew at each start. Only without ' +
      'DATABASE_URL.',
    example: '/var/lib/clarity/access-view',
    default: '',
  }),
  EVENTS_KEPT_DAYS: variable({
    schema: wholeNumber(1, 3_650),
    description: 'How long events can be had one by one, in days; no longer than Kafka keeps them.',
    example: '30',
    default: '30',
  }),
  AUDIT_KEPT_DAYS: variable({
    schema: wholeNumber(1, 3_650),
    description: 'How long the audit log can be read, in days.',
    example: '365',
    default: '365',
  }),
  PUBLIC_URL: variable({
    schema: z.union([z.literal(''), httpUrl()]),
    description:
      'Where the API and the console are reached from outside: for the addresses that it tells, and for browsers, which must come from ' +
      'there where a proxy changes Host. With https, their cookies go by nothing else. Not set: it tells paths alone, and sign-in ' +
      'links by the host that they are asked for at.',
    example: 'https://bitbucket.clarity.example',
    default: '',
  }),
  CONSOLE: variable({
    schema: z.enum(['on', 'off'], 'is not one of on, off'),
    description: 'Whether this process serves the web console at / as well; off: only the API.',
    example: 'on',
    default: 'on',
  }),
  CORS_ORIGINS: variable({
    schema: z.string().transform((text, context) => {
      const origins = listOf(text)
      const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: `${wrong} is not an origin` })
      return origins
    }),
    description: 'Origins whose pages may call the API from a browser, separated by commas. Not set: none.',
    example: 'https://console.example.com',
    default: '',
  }),
}

export type ConnectorApiConfig = Config<typeof variables>

/** Reads the configuration. @throws ConfigError with every mistake at once */
export function loadApiConfig(env: Readonly<Record<string, string | undefined>>): ConnectorApiConfig {
  const config = loadConfig(variables, env)
  const mistakes: Mistake[] = []
  const { API_KEYS, OPERATOR_KEYS, OIDC_ISSUER, OIDC_AUDIENCE } = config
  if (API_KEYS.length === 0 && OPERATOR_KEYS.length === 0 && OIDC_ISSUER === '') {
    const remedy = 'Set OPERATOR_KEYS, API_KEYS or OIDC_ISSUER: otherwise nobody is let in.'
    mistakes.push({ field: 'OPERATOR_KEYS', message: 'no caller is known', remedy })
  }
  if (OIDC_ISSUER !== '' && OIDC_AUDIENCE === '') {
    const remedy =
      'Set it to what the issuer writes into tokens for this API: otherwise tokens for others were accepted.'
    mistakes.push({ field: 'OIDC_AUDIENCE', message: 'is not set', remedy })
  }
  mistakes.push(...viewMistakes(config))
  if (hasRepeats([...API_KEYS.map(({ key }) => key.reveal()), ...OPERATOR_KEYS.map((key) => key.reveal())])) {
    const remedy = 'Make another key for one of them.'
    mistakes.push({ field: 'OPERATOR_KEYS', message: 'the same key is given twice, or is also in API_KEYS', remedy })
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

function* viewMistakes({ ACCESS_VIEW, KAFKA_BROKERS, DATABASE_URL, ACCESS_VIEW_DIR }: ConnectorApiConfig) {
  if (ACCESS_VIEW === 'on' && KAFKA_BROKERS.length === 0) {
    const remedy = 'Set it to the brokers that the publisher writes to, or set ACCESS_VIEW to off.'
    yield { field: 'KAFKA_BROKERS', message: 'is not set, but ACCESS_VIEW is on', remedy }
  }
  if (DATABASE_URL !== null && ACCESS_VIEW_DIR !== '') {
    const remedy = 'Unset one of them: the view is kept in PostgreSQL, or in a folder of this process.'
    yield { field: 'ACCESS_VIEW_DIR', message: 'is set beside DATABASE_URL', remedy }
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function hasRepeats(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length
}
