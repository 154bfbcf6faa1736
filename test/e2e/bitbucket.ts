import { callJson } from '@clarity/launcher/http'
import type { Truth } from '@clarity/testkit/oracles/access'
import { z } from 'zod'

const Faults = z.array(z.object({ atLeast: z.int(), fired: z.int(), satisfied: z.boolean() }))
const Requests = z.object({ total: z.int(), byEndpoint: z.record(z.string(), z.int()) })

const EffectivePage = z.object({
  values: z.array(
    z.object({
      permission: z.string(),
      user: z.object({ uuid: z.string() }),
      repository: z.object({ uuid: z.string() }),
    }),
  ),
  next: z.string().optional(),
})
const Conformance = z.object({ checked: z.int(), unknown: z.array(z.unknown()) }).nullable()

/** The control side of the simulated Bitbucket. */
export class BitbucketControl {
  readonly #api: string
  readonly #url: string

  constructor(url: string) {
    this.#api = url
    this.#url = `${url}/_control`
  }

  /** The simulator tells the truth in just this form; its own tests say so. */
  async truth(workspace: string): Promise<Truth> {
    return (await this.#call(`/workspaces/${workspace}`)) as Truth
  }

  async addWorkspace(seeded: object): Promise<{ slug: string; consumer: { key: string; secret: string } }> {
    const schema = z.object({ slug: z.string(), consumer: z.object({ key: z.string(), secret: z.string() }) })
    return schema.parse(await this.#call('/workspaces', { body: seeded }))
  }

  async change(workspace: string, change: object): Promise<void> {
    await this.#call(`/workspaces/${workspace}/changes`, { body: change })
  }

  async changeAtRandom(workspace: string, count: number, seed: number): Promise<unknown> {
    return this.#call(`/workspaces/${workspace}/random-changes`, { body: { count, seed } })
  }

  async changeConsumer(workspace: string, key: string, consumer: object): Promise<void> {
    await this.#call(`/workspaces/${workspace}/consumers/${key}`, { method: 'PUT', body: consumer })
  }

  /** Makes the calls that a rule names go wrong, until `heal`. */
  async break(...rules: readonly object[]): Promise<void> {
    await this.#call('/faults', { body: rules })
  }

  /** Takes all faults away; fails when one of them never came about, for then it has shown nothing. */
  async heal(): Promise<void> {
    const rules = await this.faults()
    await this.clearFaults()
    if (!rules.every(({ satisfied }) => satisfied))
      throw new Error(`a fault never came about: ${JSON.stringify(rules)}`)
  }

  /** The rules that are in force, in the order in which they were made. */
  async faults() {
    return Faults.parse(await this.#call('/faults'))
  }

  async clearFaults(): Promise<void> {
    await this.#call('/faults', { method: 'DELETE' })
  }

  async requests(workspace: string) {
    return Requests.parse(await this.#call(`/requests?workspace=${workspace}`))
  }

  /** Who can do what on which repository, as the simulator itself reckons: `user permission repository`, uuids in braces. */
  async effectivePermissions(workspace: string, consumer: { readonly key: string; readonly secret: string }) {
    const token = await this.requestToken(consumer)
    const rows: string[] = []
    let next: string | undefined = `${this.#api}/2.0/workspaces/${workspace}/permissions/repositories?pagelen=100`
    while (next !== undefined) {
      const page: z.infer<typeof EffectivePage> = EffectivePage.parse((await callJson(next, { bearer: token })).body)
      rows.push(...page.values.map((row) => `${row.user.uuid} ${row.permission} ${row.repository.uuid}`))
      next = page.next
    }
    return rows
  }

  /** A token of the consumer, such as a client asks for. */
  async requestToken({ key, secret }: { readonly key: string; readonly secret: string }): Promise<string> {
    const response = await fetch(`${this.#api}/site/oauth2/access_token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    return z.object({ access_token: z.string() }).parse(await response.json()).access_token
  }

  /** The API token of a user, with the address that goes with it. */
  async createApiToken(workspace: string, userUuid: string): Promise<{ email: string; token: string }> {
    const schema = z.object({ email: z.string(), token: z.string() })
    return schema.parse(await this.#call(`/workspaces/${workspace}/api-tokens`, { body: { userUuid } }))
  }

  /** Every token that it has given to consumers, ours among them. */
  async issuedTokens(): Promise<string[]> {
    return z.array(z.string()).parse(await this.#call('/tokens'))
  }

  /** Ends every token that it has given to consumers. */
  async revokeTokens(): Promise<void> {
    await this.#call('/tokens', { method: 'DELETE' })
  }

  /** What its answers were when held against Atlassian's description; null when nobody gave it one. */
  async conformance() {
    return Conformance.parse(await this.#call('/conformance'))
  }

  async #call(path: string, options: Parameters<typeof callJson>[1] = {}): Promise<unknown> {
    const { status, body } = await callJson(`${this.#url}${path}`, options)
    if (status >= 400) throw new Error(`the simulator refused ${path}: ${JSON.stringify(body)}`)
    return body
  }
}
