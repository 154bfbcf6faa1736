/** How the things of the world look when one object embeds another: condensed, the rest on request. */
import { condensed, type Json, type JsonObject } from '../http/json.ts'
import type { Group, Project, Repository, User, Workspace } from '../world/types.ts'

const site = 'https://bitbucket.org'

/** Makes links: `api('/2.0/...')` leads back to this simulator, `html` to where people would look. */
export function links(apiUrl: URL, paths: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]): [string, Json] => {
      const base = name === 'html' || name === 'avatar' ? site : apiUrl.origin
      return [name, { href: `${base}${path}` }]
    }),
  )
}

export function toUser(user: User, url: URL): JsonObject {
  const id = encodeURIComponent(user.uuid)
  return condensed(
    {
      type: user.type,
      uuid: user.uuid,
      account_id: user.accountId,
      display_name: user.displayName,
      nickname: user.nickname,
      links: links(url, { self: `/2.0/users/${id}`, html: `/${id}/`, avatar: `/account/${id}/avatar/` }),
    },
    {
      account_status: 'active',
      created_on: user.createdOn,
      ...(user.type === 'user' ? { is_staff: false } : {}),
    },
  )
}

/** The workspace as accounts see it: the owner of its repositories and groups. */
export function toTeam(workspace: Workspace, url: URL): JsonObject {
  return condensed(
    {
      type: 'team',
      uuid: workspace.uuid,
      username: workspace.slug,
      display_name: workspace.name,
      links: workspaceLinks(workspace, url),
    },
    { created_on: workspace.createdOn },
  )
}

export function toWorkspace(workspace: Workspace, url: URL): JsonObject {
  return condensed(
    {
      type: 'workspace',
      uuid: workspace.uuid,
      slug: workspace.slug,
      name: workspace.name,
      links: workspaceLinks(workspace, url),
    },
    { is_private: true, created_on: workspace.createdOn },
  )
}

export function toProject(project: Project, workspace: Workspace, url: URL): JsonObject {
  return condensed(
    {
      type: 'project',
      uuid: project.uuid,
      key: project.key,
      name: project.name,
      links: projectLinks(project, workspace, url),
    },
    {
      description: project.description,
      is_private: project.isPrivate,
      created_on: project.createdOn,
      updated_on: project.updatedOn,
    },
  )
}

export function toRepository(repository: Repository, workspace: Workspace, url: URL): JsonObject {
  const fullName = `${workspace.slug}/${repository.slug}`
  return condensed(
    {
      type: 'repository',
      uuid: repository.uuid,
      full_name: fullName,
      name: repository.name,
      links: links(url, {
        self: `/2.0/repositories/${fullName}`,
        html: `/${fullName}`,
        avatar: `/${fullName}/avatar/`,
      }),
    },
    { slug: repository.slug, is_private: repository.isPrivate, created_on: repository.createdOn },
  )
}

/** A group as 2.0 rows embed it; its own link leads to 1.0, as Bitbucket's does. */
export function toGroup(group: Group, workspace: Workspace, url: URL): JsonObject {
  return condensed(
    {
      type: 'group',
      slug: group.slug,
      full_slug: `${workspace.slug}:${group.slug}`,
      name: group.name,
      owner: toTeam(workspace, url),
      workspace: toWorkspace(workspace, url),
      links: links(url, {
        self: `/1.0/groups/${workspace.slug}/${group.slug}`,
        html: `/${workspace.slug}/workspace/settings/groups/${group.slug}`,
      }),
    },
    { default_permission: group.permission, email_forwarding_disabled: false },
  )
}

export function projectLinks(project: Project, workspace: Workspace, url: URL): JsonObject {
  return links(url, {
    self: `/2.0/workspaces/${workspace.slug}/projects/${project.key}`,
    html: `/${workspace.slug}/workspace/projects/${project.key}`,
    avatar: `/${workspace.slug}/workspace/projects/${project.key}/avatar/`,
  })
}

function workspaceLinks({ slug }: Workspace, url: URL): JsonObject {
  return links(url, { self: `/2.0/workspaces/${slug}`, html: `/${slug}/`, avatar: `/workspaces/${slug}/avatar/` })
}
