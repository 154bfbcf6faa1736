import { existsSync } from 'node:fs'
import { z } from 'zod'
import { eras } from './era.ts'
import { WorkspaceSlug } from './world/options.ts'

function wholeNumber(min: number, max: number, example: number) {
  const remedy = `must be a whole number from ${min} to ${max}, for example ${example}`
  const Digits = z
    .string()
    .regex(/^\d{1,10}$/, remedy)
    .transform(Number)
  return Digits.refine((value) => value >= min && value <= max, remedy)
}

function wholeNumberOr(min: number, max: number, fallback: number) {
  return wholeNumber(min, max, fallback).prefault(String(fallback))
}

/** The path of a file that is there. */
const FilePath = z.string().refine((path) => existsSync(path), 'must be the path of a file: there is none')

/** A number, or `unlimited`, which is null. */
function limit(max: number, example: number) {
  return z.union([z.literal('unlimited').transform(() => null), wholeNumber(1, max, example)], {
    error: `must be a whole number from 1 to ${max}, for example ${example}, or unlimited`,
  })
}

/** The environment of the process; a variable that is empty counts as not set. */
const Variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumberOr(0, 65_535, 7990),
  SIMULATOR_WORKSPACE: WorkspaceSlug.default('acme'),
  SIMULATOR_USERS: wholeNumberOr(1, 100_000, 40),
  SIMULATOR_GROUPS: wholeNumberOr(0, 10_000, 8),
  SIMULATOR_PROJECTS: wholeNumberOr(1, 10_000, 6),
  SIMULATOR_REPOSITORIES: wholeNumberOr(0, 100_000, 60),
  SIMULATOR_SEED: wholeNumberOr(0, 4_294_967_295, 1),
  SIMULATOR_CONSUMER_KEY: z.string().default('demo-consumer-key'),
  SIMULATOR_CONSUMER_SECRET: z.string().default('demo-consumer-secret'),
  SIMULATOR_TOKEN_LIFE_SECONDS: wholeNumber(1, 31_536_000, 3600).optional(),
  BITBUCKET_ERA: z.enum(eras, `must be one of ${eras.join(', ')}`).default('2026'),
  SIMULATOR_CLOCK: z.enum(['system', 'manual'], 'must be system or manual').default('system'),
  SIMULATOR_REQUESTS_PER_HOUR: limit(1_000_000_000, 1000).prefault('1000'),
  SIMULATOR_REQUESTS_IN_FLIGHT: limit(1_000_000, 10).prefault('unlimited'),
  SIMULATOR_TLS_KEY: FilePath.optional(),
  SIMULATOR_TLS_CERT: FilePath.optional(),
  BITBUCKET_OPENAPI: FilePath.optional(),
})
export const Environment = Variables.refine(
  ({ SIMULATOR_TLS_KEY: key, SIMULATOR_TLS_CERT: cert }) => (key === undefined) === (cert === undefined),
  {
    path: ['SIMULATOR_TLS_KEY'],
    message: 'and SIMULATOR_TLS_CERT belong together: set both to the paths of PEM files',
  },
)
export type Environment = z.infer<typeof Environment>

export type ParsedEnvironment =
  | { readonly state: 'valid'; readonly environment: Environment }
  | { readonly state: 'invalid'; readonly mistakes: readonly string[] }

/** Reads the environment, or lists every mistake with the variable's name and what to write. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ParsedEnvironment {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(set)
  if (parsed.success) return { state: 'valid', environment: parsed.data }
  return { state: 'invalid', mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) }
}
