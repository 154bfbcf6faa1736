import { z } from 'zod'
import { createSimulator, type Simulator, type SimulatorOptions, type Truth, type WorkspaceOptions } from '../index.ts'

export const acme = {
  slug: 'acme',
  users: 12,
  groups: 5,
  projects: 4,
  repositories: 3,
  seed: 7,
  consumer: { key: 'key', secret: 'secret' },
} satisfies WorkspaceOptions

const Row = z.record(z.string(), z.unknown())
const Body = z.looseObject({ values: z.array(Row).optional(), next: z.string().optional() })
export type Body = z.infer<typeof Body>

export interface Answer {
  readonly status: number
  readonly body: Body
}

/** A simulator on a free port, and a client of it that holds a token of the consumer `key`. */
export interface Bench extends AsyncDisposable {
  readonly simulator: Simulator
  get(path: string, token?: string): Promise<Answer>
  /** The response itself, with the headers that a client may want to see; redirects are not followed. */
  fetch(path: string, authorization?: string | null): Promise<Response>
  /** All rows of all pages, by `next`. */
  list(path: string): Promise<Record<string, unknown>[]>
  /** Any JSON call, without a token. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  requestToken(key: string, secret: string, grantType?: string): Promise<Answer>
  truth(): Promise<Truth>
}

const openApiPath = process.env.BITBUCKET_OPENAPI

/** Starts a bench with the workspace `acme`, unless the options name others. */
export async function createBench(options: SimulatorOptions = {}): Promise<Bench> {
  const simulator = await createSimulator({ workspaces: [acme], ...(openApiPath && { openApiPath }), ...options })
  const requestToken = (key: string, secret: string, grantType = 'client_credentials') =>
    answer(`${simulator.url}/site/oauth2/access_token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: grantType }),
    })
  const token = String((await requestToken('key', 'secret')).body.access_token)
  const get = (path: string, other = token) => {
    const url = path.startsWith('http') ? path : `${simulator.url}${path}`
    return answer(url, { headers: { authorization: `Bearer ${other}` } })
  }
  const fetchRaw = (path: string, authorization: string | null = `Bearer ${token}`) =>
    fetch(`${simulator.url}${path}`, { redirect: 'manual', headers: authorization === null ? {} : { authorization } })
  const call = (method: string, path: string, body?: unknown) =>
    answer(`${simulator.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  return {
    simulator,
    get,
    fetch: fetchRaw,
    call,
    requestToken,
    list: async (path) => {
      const rows: Record<string, unknown>[] = []
      for (let next: string | undefined = path; next !== undefined; ) {
        const { body }: Answer = await get(next)
        rows.push(...(body.values ?? []))
        next = body.next
      }
      return rows
    },
    truth: async () => {
      const response = await fetch(`${simulator.url}/_control/workspaces/acme`)
      // The control API promises this shape; the tests that compare it field by field check the promise.
      return (await response.json()) as Truth
    },
    async [Symbol.asyncDispose]() {
      await simulator.close()
      const unknown = simulator.conformance()?.unknown ?? []
      if (unknown.length > 0) throw new Error(`the answers deviate from the description: ${JSON.stringify(unknown)}`)
    },
  }
}

async function answer(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  const json: unknown = text === '' ? {} : JSON.parse(text)
  return { status: response.status, body: Body.parse(Array.isArray(json) ? { items: json } : json) }
}
