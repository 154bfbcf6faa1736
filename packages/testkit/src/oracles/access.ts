/**
 * What the stream must have told, worked out from the simulator's truth alone. This file imports nothing of ours, so
 * that what judges shares no code with what is judged.
 */

interface Holders {
  readonly users: readonly { readonly userUuid: string; readonly permission: string }[]
  readonly groups: readonly { readonly slug: string; readonly permission: string }[]
}

/** The truth as the simulator's control API tells it. */
export interface Truth {
  readonly uuid: string
  readonly slug: string
  readonly name: string
  readonly users: readonly {
    readonly uuid: string
    readonly accountId: string | null
    readonly displayName: string
    readonly nickname: string | null
    readonly type: string
  }[]
  readonly members: readonly { readonly userUuid: string; readonly permission: string }[]
  readonly groups: readonly {
    readonly slug: string
    readonly name: string
    readonly permission: string | null
    readonly memberUuids: readonly string[]
  }[]
  readonly projects: readonly (Holders & {
    readonly uuid: string
    readonly key: string
    readonly name: string
    readonly isPrivate: boolean
  })[]
  readonly repositories: readonly (Holders & {
    readonly uuid: string
    readonly slug: string
    readonly name: string
    readonly isPrivate: boolean
    readonly projectUuid: string
  })[]
}

/** Facts by id, each as plain data; two states are equal when these are. */
export interface AccessFacts {
  readonly serviceUsers: Readonly<Record<string, unknown>>
  readonly entitlements: Readonly<Record<string, unknown>>
  readonly grants: readonly string[]
  readonly nestings: readonly string[]
}

/** What of the truth the stream is to tell. */
export interface Wanted {
  /** Every level of everything, also those that nobody holds. */
  readonly allLevels?: boolean
  /** Attributes of service users that are not told. */
  readonly leftOut?: readonly string[]
}

const levelsOf = { project: ['read', 'write', 'create-repo', 'admin'], repository: ['read', 'write', 'admin'] }

/** The state that the stream must lead to. */
export function expectedFacts(truth: Truth, { allLevels = false, leftOut = [] }: Wanted = {}): AccessFacts {
  const facts = {
    serviceUsers: expectedUsers(truth, new Set(leftOut)),
    entitlements: {} as Record<string, unknown>,
    grants: [] as string[],
    nestings: [] as string[],
  }
  const hold = (holder: string, entitlement: string) => {
    const list = holder.startsWith('user:') ? facts.grants : facts.nestings
    list.push(`${holder}|${entitlement}`)
  }
  const workspace = { kind: 'workspace', uuid: truth.uuid, slug: truth.slug, name: truth.name }
  const roles = ['owner', 'member', ...(allLevels ? ['collaborator'] : [])]
  for (const role of new Set([...roles, ...truth.members.map(({ permission }) => permission)])) {
    facts.entitlements[`workspace#${role}`] = { name: `Workspace: ${role}`, level: role, resource: workspace }
  }
  for (const { userUuid, permission } of truth.members) hold(userId(userUuid), `workspace#${permission}`)
  for (const group of truth.groups) {
    const id = `group:${group.slug}#member`
    const resource = { kind: 'group', slug: group.slug, name: group.name, defaultPermission: group.permission }
    facts.entitlements[id] = { name: `Group ${group.slug}: member`, level: 'member', resource }
    for (const uuid of group.memberUuids) hold(userId(uuid), id)
  }
  const projects = new Map(truth.projects.map((project) => [project.uuid, project]))
  const holders = (kind: 'project' | 'repository', name: string, of: Holders & { uuid: string }, resource: object) => {
    const entitlement = (level: string) => {
      const id = `${kind}:${bare(of.uuid)}#${level}`
      facts.entitlements[id] = { name: `${name}: ${level}`, level, resource }
      return id
    }
    if (allLevels) for (const level of levelsOf[kind]) entitlement(level)
    for (const { userUuid, permission } of of.users) hold(userId(userUuid), entitlement(permission))
    for (const { slug, permission } of of.groups) hold(`group:${slug}#member`, entitlement(permission))
  }
  for (const project of truth.projects) {
    const { uuid, key, name, isPrivate } = project
    holders('project', `Project ${key}`, project, { kind: 'project', uuid, key, name, private: isPrivate })
  }
  for (const repository of truth.repositories) {
    const { uuid, slug, name, isPrivate, projectUuid } = repository
    const parent = { kind: 'project', uuid: projectUuid, key: projects.get(projectUuid)?.key }
    holders('repository', `Repository ${slug}`, repository, {
      kind: 'repository',
      uuid,
      slug,
      name,
      private: isPrivate,
      parent,
    })
  }
  return sorted(facts)
}

function expectedUsers(truth: Truth, leftOut: ReadonlySet<string>): Record<string, unknown> {
  const roles = new Map(truth.members.map(({ userUuid, permission }) => [userUuid, permission]))
  const known = new Map(truth.users.map((user) => [user.uuid, user]))
  const holding = [
    ...roles.keys(),
    ...truth.groups.flatMap(({ memberUuids }) => memberUuids),
    ...[...truth.projects, ...truth.repositories].flatMap(({ users }) => users.map(({ userUuid }) => userUuid)),
  ]
  return Object.fromEntries(
    [...new Set(holding)].map((uuid) => {
      const user = known.get(uuid)
      const role = roles.get(uuid)
      return [
        userId(uuid),
        {
          membership: role === undefined ? 'outside' : 'member',
          uuid,
          accountId: user?.accountId ?? undefined,
          displayName: leftOut.has('displayName') ? undefined : user?.displayName,
          nickname: leftOut.has('nickname') ? undefined : (user?.nickname ?? undefined),
          workspaceRole: role,
        },
      ]
    }),
  )
}

/** What a subscriber's state says, in the same form. Its shape is the contract's, written down here once more. */
export function observedFacts(state: ObservedState): AccessFacts {
  return sorted({
    serviceUsers: Object.fromEntries(
      [...state.serviceUsers].map(([id, { membership, externalIds, attributes }]) => {
        const { displayName, nickname, workspaceRole } = attributes
        return [id, { membership, ...externalIds, displayName, nickname, workspaceRole }]
      }),
    ),
    entitlements: Object.fromEntries(
      [...state.entitlements].map(([id, { name, level, resource }]) => [id, { name, level, resource }]),
    ),
    grants: [...state.grants.keys()],
    nestings: [...state.nestings.keys()],
  })
}

export interface ObservedState {
  readonly serviceUsers: ReadonlyMap<
    string,
    {
      readonly membership: string
      readonly externalIds: { readonly uuid: string; readonly accountId?: string | undefined }
      readonly attributes: {
        readonly displayName?: string | undefined
        readonly nickname?: string | undefined
        readonly workspaceRole?: string | undefined
      }
    }
  >
  readonly entitlements: ReadonlyMap<
    string,
    { readonly name: string; readonly level: string; readonly resource: object }
  >
  readonly grants: ReadonlyMap<string, unknown>
  readonly nestings: ReadonlyMap<string, unknown>
}

/** Everything in which the observed state differs from the expected one; empty when they are equal. */
export function differences(expected: AccessFacts, observed: AccessFacts): string[] {
  const found: string[] = []
  for (const kind of ['serviceUsers', 'entitlements'] as const) {
    const [want, have] = [expected[kind], observed[kind]]
    for (const id of new Set([...Object.keys(want), ...Object.keys(have)])) {
      const [wanted, had] = [canonical(want[id]), canonical(have[id])]
      if (wanted !== had) found.push(`${id}: expected ${wanted}, found ${had}`)
    }
  }
  for (const kind of ['grants', 'nestings'] as const) {
    const [want, have] = [new Set(expected[kind]), new Set(observed[kind])]
    for (const id of want) if (!have.has(id)) found.push(`${id}: expected, not found`)
    for (const id of have) if (!want.has(id)) found.push(`${id}: found, not expected`)
  }
  return found
}

function sorted(facts: AccessFacts): AccessFacts {
  return { ...facts, grants: facts.grants.toSorted(), nestings: facts.nestings.toSorted() }
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'nothing'
  )
}

function userId(uuid: string): string {
  return `user:${bare(uuid)}`
}

function bare(uuid: string): string {
  return uuid.replace(/[{}]/g, '')
}
