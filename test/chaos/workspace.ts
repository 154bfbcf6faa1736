import type { BitbucketControl } from '@clarity/e2e/bitbucket'
import { type SyncWindow, TruthHistory } from '@clarity/testkit/oracles/revocations'
import type { Random } from './random.ts'

/**
 * A workspace of the simulated Bitbucket with the history of its truth. Its groups are small and it loses few facts in
 * all, so that no loss is one that the product rightly holds back for somebody to approve.
 */
const lossesMax = 50
const groups = ['Night Shift', 'Release Crew', 'Data Desk', 'Web Guild', 'Audit Circle', 'Ops Duty']
const size = { users: 1_000, groups: 0, projects: 5, repositories: 40 }
const membersPerGroup = 6

export class ChaosWorkspace {
  readonly history = new TruthHistory()
  readonly slug: string
  readonly #bitbucket: BitbucketControl
  readonly #random: Random
  #begun = 0
  #losses = 0
  #changes = 0

  private constructor(bitbucket: BitbucketControl, slug: string, random: Random) {
    this.#bitbucket = bitbucket
    this.slug = slug
    this.#random = random
  }

  /** Adds the workspace; answers it with its consumer. */
  static async create(bitbucket: BitbucketControl, slug: string, random: Random) {
    const workspace = new ChaosWorkspace(bitbucket, slug, random)
    const { consumer } = await bitbucket.addWorkspace({ slug, ...size, seed: random.int(0, 1e6) })
    const { members, projects, repositories } = await bitbucket.truth(slug)
    for (const name of groups) {
      const groupSlug = name.toLowerCase().replace(' ', '-')
      await bitbucket.change(slug, { type: 'add-group', name })
      for (const { userUuid } of random.shuffle(members).slice(0, membersPerGroup)) {
        await bitbucket.change(slug, { type: 'add-group-member', slug: groupSlug, userUuid })
      }
      const holds = { project: random.pick(projects).uuid, repository: random.pick(repositories).uuid }
      for (const [kind, uuid] of Object.entries(holds)) {
        const grant = { resource: { kind, uuid }, principal: { groupSlug }, permission: 'write' }
        await bitbucket.change(slug, { type: 'grant', ...grant })
      }
    }
    workspace.history.note(await bitbucket.truth(slug))
    return { workspace, consumer }
  }

  /** How often the truth was changed. */
  get changes(): number {
    return this.#changes
  }

  /** Changes the truth a little, and notes it. Only one change at a time. */
  async change(): Promise<void> {
    this.#begun = this.history.latest + 1
    if (this.#losses < lossesMax) await this.#bitbucket.changeAtRandom(this.slug, 1, this.#random.int(0, 1e9))
    else await this.#bitbucket.change(this.slug, { type: 'add-user', displayName: 'New Person', permission: 'member' })
    const number = this.history.note(await this.#bitbucket.truth(this.slug))
    this.#losses += this.history.lostAfter(number - 1)
    this.#changes++
  }

  /** The states of the truth that may be in force at this moment: the last noted one, and one that a change leads to. */
  get now(): SyncWindow {
    return { from: this.history.latest, to: Math.max(this.#begun, this.history.latest) }
  }

  /** Repositories on which somebody holds something at this moment. */
  async heldRepositories(): Promise<string[]> {
    const { repositories } = await this.#bitbucket.truth(this.slug)
    return repositories.filter(({ users, groups }) => users.length + groups.length > 0).map(({ uuid }) => uuid)
  }
}
