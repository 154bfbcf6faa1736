/** How the things of the world look when one object embeds another: condensed, the rest on request. */
import { condensed, type Json, type JsonObject } from '../http/json.ts'
import type { Group, Project, Repository, User, Workspace } from '../world/types.ts'

const site = 'https://bitbucket.org'

/** Makes links: `api('/2.0/...')` leads back to this simulator, `html` to where people would look. */
export function links(apiBase: string, paths: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]): [string, Json] => {
      const start = name === 'html' || name === 'avatar' ? site : apiBase
      return [name, { href: `${start}${path}` }]
    }),
  )
}

/** A person, or an app user, of which Bitbucket tells less. */
export function toUser(user: User, base: string): JsonObject {
  const id = encodeURIComponent(user.uuid)
  const avatar = `/account/${id}/avatar/`
  const isPerson = user.type === 'user'
  return condensed(
    {
      type: user.type,
      uuid: user.uuid,
      ...(user.accountId === null ? {} : { account_id: user.accountId }),
      display_name: user.displayName,
      ...(user.nickname === null ? {} : { nickname: user.nickname }),
      links: links(base, isPerson ? { self: `/2.0/users/${id}`, html: `/${id}/`, avatar } : { avatar }),
    },
    {
      account_status: user.status,
      created_on: user.createdOn,
      ...(isPerson ? { is_staff: false, has_2fa_enabled: user.has2fa } : { kind: 'app' }),
    },
  )
}

/** The account that owns all in the workspace: a team, or the person whose workspace it is. */
export function toOwner(workspace: Workspace, base: string): JsonObject {
  const owner = workspace.kind === 'personal' ? findOwner(workspace) : undefined
  return owner === undefined ? toTeam(workspace, base) : toUser(owner, base)
}

function findOwner(workspace: Workspace): User | undefined {
  for (const [uuid, { permission }] of workspace.members) if (permission === 'owner') return workspace.users.get(uuid)
  return undefined
}

/** The workspace as accounts see it. */
export function toTeam(workspace: Workspace, base: string): JsonObject {
  return condensed(
    {
      type: 'team',
      uuid: workspace.uuid,
      username: workspace.slug,
      display_name: workspace.name,
      links: workspaceLinks(workspace, base),
    },
    { created_on: workspace.createdOn },
  )
}

export function toWorkspace(workspace: Workspace, base: string): JsonObject {
  return condensed(
    {
      type: 'workspace',
      uuid: workspace.uuid,
      slug: workspace.slug,
      name: workspace.name,
      links: workspaceLinks(workspace, base),
    },
    { is_private: true, created_on: workspace.createdOn },
  )
}

export function toProject(project: Project, workspace: Workspace, base: string): JsonObject {
  return condensed(
    {
      type: 'project',
      uuid: project.uuid,
      key: project.key,
      name: project.name,
      links: projectLinks(project, workspace, base),
    },
    {
      description: project.description,
      is_private: project.isPrivate,
      created_on: project.createdOn,
      updated_on: project.updatedOn,
    },
  )
}

export function toRepository(repository: Repository, workspace: Workspace, base: string): JsonObject {
  const fullName = `${workspace.slug}/${repository.slug}`
  return condensed(
    {
      type: 'repository',
      uuid: repository.uuid,
      full_name: fullName,
      name: repository.name,
      links: links(base, {
        self: `/2.0/repositories/${fullName}`,
        html: `/${fullName}`,
        avatar: `/${fullName}/avatar/`,
      }),
    },
    { slug: repository.slug, is_private: repository.isPrivate, created_on: repository.createdOn },
  )
}

/** A group as 2.0 rows embed it; its own link leads to 1.0, as Bitbucket's does. */
export function toGroup(group: Group, workspace: Workspace, base: string): JsonObject {
  return condensed(
    {
      type: 'group',
      slug: group.slug,
      full_slug: `${workspace.slug}:${group.slug}`,
      name: group.name,
      owner: toOwner(workspace, base),
      workspace: toWorkspace(workspace, base),
      links: links(base, {
        self: `/1.0/groups/${workspace.slug}/${group.slug}`,
        html: `/${workspace.slug}/workspace/settings/groups/${group.slug}`,
      }),
    },
    { default_permission: group.permission, email_forwarding_disabled: false },
  )
}

export function projectLinks(project: Project, workspace: Workspace, base: string): JsonObject {
  return links(base, {
    self: `/2.0/workspaces/${workspace.slug}/projects/${project.key}`,
    html: `/${workspace.slug}/workspace/projects/${project.key}`,
    avatar: `/${workspace.slug}/workspace/projects/${project.key}/avatar/`,
  })
}

function workspaceLinks({ slug }: Workspace, base: string): JsonObject {
  return links(base, { self: `/2.0/workspaces/${slug}`, html: `/${slug}/`, avatar: `/workspaces/${slug}/avatar/` })
}

/** The workspace as the lists of a caller's workspaces have it: next to nothing. */
export function toWorkspaceBase({ uuid, slug }: Workspace, base: string): JsonObject {
  return {
    type: 'workspace_base',
    uuid,
    slug,
    links: links(base, { self: `/2.0/workspaces/${slug}`, avatar: `/workspaces/${slug}/avatar/` }),
  }
}
