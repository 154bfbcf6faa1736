import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import { derive } from '../world/derived.ts'
import type { Project } from '../world/types.ts'
import { permissionEndpoints } from './permissions-config.ts'
import { projectLinks, toOwner, toWorkspace } from './shapes.ts'

/** The projects of a workspace, and the explicit grants on each. */
export const projectEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}/projects',
    scopes: ['project'],
    tokenScopes: ['read:project'],
    accessTokens: true,
    answer(call) {
      const { workspace, caller } = call
      const projects = [...workspace.projects.values()].filter((project) => caller.seesProject(workspace, project))
      return toPage(call, projects, (project) => toRow(call, project))
    },
  },
  {
    path: '/2.0/workspaces/{workspace}/projects/{project_key}',
    scopes: ['project'],
    tokenScopes: ['read:project'],
    accessTokens: true,
    answer: (call) => toRow(call, readProject(call)),
  },
  ...permissionEndpoints({
    kind: 'project',
    path: '/2.0/workspaces/{workspace}/projects/{project_key}',
    read: readAdministered,
  }),
]

/** The project that the path names by its key; in old times by its uuid too. @throws ApiError 404 */
function readProject({ workspace, caller, era, param }: Call): Project {
  const key = param('project_key')
  const project = workspace.projectsByKey.get(key) ?? (era === 'legacy' ? workspace.projects.get(key) : undefined)
  if (project !== undefined && caller.seesProject(workspace, project)) return project
  throw new ApiError(404, `No project with key '${key}' in this workspace.`)
}

function readAdministered(call: Call): Project {
  const project = readProject(call)
  if (call.caller.administersProject(call.workspace, project)) return project
  throw new ApiError(403, 'Your credentials do not administer this project.')
}

function toRow({ workspace, base }: Call, project: Project): JsonObject {
  return {
    type: 'project',
    uuid: project.uuid,
    key: project.key,
    name: project.name,
    description: project.description,
    is_private: project.isPrivate,
    has_publicly_visible_repos: publicProjects(workspace).has(project.uuid),
    created_on: project.createdOn,
    updated_on: project.updatedOn,
    owner: toOwner(workspace, base),
    workspace: toWorkspace(workspace, base),
    links: projectLinks(project, workspace, base),
  }
}

/** The uuids of the projects that hold a public repository. */
const publicProjects = derive(({ repositories }) => {
  const uuids = new Set<string>()
  for (const { isPrivate, projectUuid } of repositories.values()) if (!isPrivate) uuids.add(projectUuid)
  return uuids
})
