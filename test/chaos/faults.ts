import type { Random } from './random.ts'

/** What Bitbucket does wrong in a run. Each kind makes rules of the simulator, and each rule says how often it must fire. */
export interface FaultTarget {
  readonly workspace: string
  /** Repositories on which somebody holds something. */
  readonly repositories: readonly string[]
}

export interface FaultRule {
  readonly endpoint?: string
  readonly workspace?: string
  readonly resource?: string
  readonly page?: number
  readonly attempts?: { readonly from: number; readonly to: number | null }
  readonly share?: number
  readonly seed: number
  readonly atLeast: number
  readonly fault: { readonly type: string; readonly [setting: string]: string | number }
}

type MakeRules = (random: Random, target: FaultTarget) => readonly FaultRule[]

const configPath = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config'
const membersPath = 'GET /2.0/workspaces/{workspace}/permissions'

/**
 * Where an answer looks whole and is not, only the first attempt at a call meets it: a Bitbucket that tells the same
 * untruth whenever it is asked cannot be seen through.
 */
const once = { from: 1, to: 1 }

export const faultKinds = {
  unavailable: anywhere({ type: 'status', status: 503 }, 0.08),
  'bad gateway': anywhere({ type: 'status', status: 502, when: 'after' }, 0.08),
  reset: anywhere({ type: 'reset' }, 0.06),
  'broken off': anywhere({ type: 'break-off' }, 0.06),
  truncated: anywhere({ type: 'truncate' }, 0.06),
  'wrong shape': anywhere({ type: 'wrong-shape', as: 'rows-renamed' }, 0.04),
  'empty body': anywhere({ type: 'empty', what: 'body' }, 0.06),
  slow: anywhere({ type: 'latency', ms: 300 }, 0.2),
  // Never twice in a row: then the hour is taken to be used up by others, and left alone for a minute.
  'too many requests': (random, { workspace }) => {
    const fault = { type: 'status', status: 429, retryAfterSeconds: 1 }
    const rule = { workspace, attempts: once, seed: seedOf(random), fault }
    return [
      { ...rule, endpoint: membersPath, page: 1, atLeast: 1 },
      { ...rule, share: 0.1, atLeast: 0 },
    ]
  },
  'empty 200 for one repository': (random, target) =>
    forOneRepository(random, target, ['users', 'groups'], { type: 'empty', what: 'list' }),
  '404 for one repository': (random, target) =>
    forOneRepository(random, target, ['users'], { type: 'status', status: 404 }),
  'no members': (random, { workspace }) => [
    {
      endpoint: membersPath,
      workspace,
      page: 1,
      seed: seedOf(random),
      atLeast: 1,
      fault: { type: 'empty', what: 'list' },
    },
  ],
  'dropped page': (random, { workspace }) => [
    {
      endpoint: membersPath,
      workspace,
      page: 2,
      attempts: once,
      seed: seedOf(random),
      atLeast: 1,
      fault: { type: 'empty', what: 'list' },
    },
  ],
  'dropped row': (random) => [
    {
      endpoint: `${configPath}/users`,
      attempts: once,
      share: 0.5,
      seed: seedOf(random),
      atLeast: 3,
      fault: { type: 'skip-row', size: 'reduced' },
    },
  ],
} satisfies Record<string, MakeRules>

export type FaultKind = keyof typeof faultKinds
export const faultKindNames = Object.keys(faultKinds).filter(isFaultKind)

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(faultKinds, name)
}

/**
 * Of several rules for a call the first one counts, and what only a first attempt meets has no other chance: those come
 * before what any attempt meets.
 */
export function inOrderOfChances<Made extends { readonly rule: FaultRule }>(made: readonly Made[]): Made[] {
  const hasMore = ({ rule }: Made) => rule.attempts === undefined
  return [...made.filter((one) => !hasMore(one)), ...made.filter(hasMore)]
}

/** One call in so many, of any workspace and endpoint. */
function anywhere(fault: FaultRule['fault'], share: number): MakeRules {
  return (random) => [{ share, seed: seedOf(random), atLeast: 2, fault }]
}

function forOneRepository(
  random: Random,
  { workspace, repositories }: FaultTarget,
  lists: readonly string[],
  fault: FaultRule['fault'],
): FaultRule[] {
  const rule = { workspace, resource: random.pick(repositories), seed: seedOf(random), atLeast: 1, fault }
  return lists.map((list) => ({ ...rule, endpoint: `${configPath}/${list}` }))
}

function seedOf(random: Random): number {
  return random.int(0, 2 ** 31 - 1)
}
