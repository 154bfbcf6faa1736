import { z } from 'zod'
import { WorkspaceSlug } from './world/options.ts'

function wholeNumber(min: number, max: number, fallback: number) {
  const remedy = `must be a whole number from ${min} to ${max}, for example ${fallback}`
  const Digits = z
    .string()
    .regex(/^\d{1,10}$/, remedy)
    .transform(Number)
  return Digits.refine((value) => value >= min && value <= max, remedy).prefault(String(fallback))
}

/** The environment of the process; a variable that is empty counts as not set. */
export const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 7990),
  SIMULATOR_WORKSPACE: WorkspaceSlug.default('acme'),
  SIMULATOR_USERS: wholeNumber(1, 100_000, 40),
  SIMULATOR_GROUPS: wholeNumber(0, 10_000, 8),
  SIMULATOR_PROJECTS: wholeNumber(1, 10_000, 6),
  SIMULATOR_REPOSITORIES: wholeNumber(0, 100_000, 60),
  SIMULATOR_SEED: wholeNumber(0, 4_294_967_295, 1),
  SIMULATOR_CONSUMER_KEY: z.string().default('demo-consumer-key'),
  SIMULATOR_CONSUMER_SECRET: z.string().default('demo-consumer-secret'),
  SIMULATOR_TOKEN_LIFE_SECONDS: wholeNumber(1, 31_536_000, 7200),
})
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
