/**
 * Faults on demand. A rule says which calls it is for by what they are: endpoint, workspace, resource, page, credential, and
 * the how-manieth attempt at that very call it is; never by the order in which calls of different kinds come, so that
 * it holds however many run at once. Each says how often it must fire at least: one that did not proves nothing.
 */
import { z } from 'zod'

const When = z.enum(['before', 'after']).default('before')

/**
 * What goes wrong. `before`: the call is not looked at. `after`: its answer was made, counted, and is lost or
 * damaged on its way.
 */
export const Fault = z.discriminatedUnion('type', [
  /** The answer takes that long by the simulator's clock. */
  z.strictObject({ type: z.literal('latency'), when: When, ms: z.int().min(1).max(86_400_000) }),
  /** Another status in the words that Bitbucket has for it, or in others (`message`). Without those 502 and 503 are HTML. */
  z.strictObject({
    type: z.literal('status'),
    when: When,
    status: z.union([400, 401, 402, 403, 404, 410, 429, 500, 502, 503, 555].map((status) => z.literal(status))),
    message: z.string().min(1).optional(),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  /** The connection is reset. */
  z.strictObject({ type: z.literal('reset'), when: When }),
  /** Nothing more comes: no headers, or no rest of the body. The connection stays open. */
  z.strictObject({ type: z.literal('stall'), at: z.enum(['headers', 'body']) }),
  /** The connection is closed in the middle of the body. */
  z.strictObject({ type: z.literal('break-off') }),
  /** JSON that ends too soon, in an answer that is whole for HTTP. */
  z.strictObject({ type: z.literal('truncate') }),
  /** JSON that is none of what the endpoint answers. */
  z.strictObject({ type: z.literal('wrong-shape'), as: z.enum(['rows-renamed', 'fields-renamed', 'array', 'null']) }),
  /** 200 with no body at all, or with a list of nothing that looks whole. */
  z.strictObject({ type: z.literal('empty'), what: z.enum(['body', 'list']) }),
  /** The page's first row comes twice. */
  z.strictObject({ type: z.literal('duplicate-row') }),
  /** The page's last row is missing; `size` counts it, unless it is left out as well. */
  z.strictObject({ type: z.literal('skip-row'), size: z.enum(['kept', 'absent', 'reduced']).default('kept') }),
  /** `next` leads to another host, or to the page that it stands on. */
  z.strictObject({ type: z.literal('next'), to: z.enum(['elsewhere', 'itself']) }),
])
export type Fault = z.infer<typeof Fault>

export const FaultRule = z.strictObject({
  /** Which endpoint, as in `GET /2.0/workspaces/{workspace}/members`; any when left out, as with all that follow. */
  endpoint: z.string().optional(),
  /** The slug of the workspace that the path names. */
  workspace: z.string().optional(),
  /** What the path names within it: a slug, key, uuid or account id. */
  resource: z.string().optional(),
  page: z.int().min(1).optional(),
  credential: z.string().optional(),
  /** Which attempts at one and the same call, counted from 1 since the rule was made. */
  attempts: z.strictObject({ from: z.int().min(1), to: z.int().min(1).nullable() }).default({ from: 1, to: null }),
  /** The share of such calls that it meets. Which ones, the seed decides: the same ones each time. */
  share: z.number().gt(0).max(1).default(1),
  seed: z.int().default(0),
  atLeast: z.int().min(0).default(1),
  fault: Fault,
})
export type FaultRule = z.infer<typeof FaultRule>

/** What a call is. Retries of a call have the same identity. */
export interface CallIdentity {
  readonly endpoint: string
  readonly workspace: string | null
  /** Every name of what the path names within the workspace. */
  readonly resources: readonly string[]
  readonly page: number
  readonly credential: string
}
