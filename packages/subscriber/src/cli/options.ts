import { parseArgs } from 'node:util'
import { z } from 'zod'

export const usage = `Prints the changes of access as they come.

  npm run tail -- [options]

  --brokers <host:port,...>   Kafka (KAFKA_BROKERS, else localhost:9092)
  --prefix <text>             what the names of the topics begin with (TOPIC_PREFIX, else clarity.bitbucket)
  --from-beginning            from the oldest event there is, not from now on
  --tenant <id>               only this tenant
  --connection <id>           only this connection
  --kind <text>               only events whose name begins so, such as sync or service-user-entitlement.revoked
  --user <text>               only what is about a service user with this in its id or name
  --json                      a line of JSON for each event, as it came
  --verify                    ask for a verification event, wait for it, and say how long it took
  --api <url>                 for --verify: the API (CLARITY_API_URL, else http://localhost:8080)
  --help

  With TLS or a login: KAFKA_TLS, KAFKA_TLS_CA_FILE, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD
  in the environment. For --verify the key of the tenant is in CLARITY_API_KEY.
`

const Options = z.object({
  brokers: z
    .string()
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'is not a comma-separated list of host:port')
    .transform((text) => text.split(',')),
  prefix: z.string().regex(/^[A-Za-z0-9._-]+$/, 'has other characters than letters, digits, dot, underscore, hyphen'),
  'from-beginning': z.boolean(),
  tenant: z.string().optional(),
  connection: z
    .string()
    .regex(/^con_[a-z0-9]+$/, 'is no id of a connection, such as con_41')
    .optional(),
  kind: z.string().optional(),
  user: z.string().optional(),
  json: z.boolean(),
  verify: z.boolean(),
  api: z.url('is no URL'),
  help: z.boolean(),
})
export type TailOptions = z.infer<typeof Options>

/** What is wrong with the command line, for whoever has typed it. */
export class UsageError extends Error {}

/** Reads the command line. @throws UsageError that names each option at fault */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): TailOptions {
  const given = parse(args)
  const parsed = Options.safeParse({
    brokers: env.KAFKA_BROKERS || 'localhost:9092',
    prefix: env.TOPIC_PREFIX || 'clarity.bitbucket',
    api: env.CLARITY_API_URL || 'http://localhost:8080',
    ...{ 'from-beginning': false, json: false, verify: false, help: false },
    ...given,
  })
  if (!parsed.success) {
    throw new UsageError(parsed.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'))
  }
  if (parsed.data.verify && parsed.data.connection === undefined) {
    throw new UsageError('--verify needs --connection: the event belongs to one connection')
  }
  return parsed.data
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ brokers: text, prefix: text, tenant: text, connection: text, kind: text, user: text, api: text },
        ...{ 'from-beginning': flag, json: flag, verify: flag, help: flag },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
