import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Project } from '../world/types.ts'
import { groupGrants, userGrants } from './permissions-config.ts'
import { projectLinks, toTeam, toWorkspace } from './shapes.ts'

/** The projects of a workspace, and the explicit grants on each. */
export const projectEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}/projects',
    scopes: ['project'],
    answer(call) {
      const publicProjects = new Set<string>()
      for (const { isPrivate, projectUuid } of call.workspace.repositories.values()) {
        if (!isPrivate) publicProjects.add(projectUuid)
      }
      const projects = [...call.workspace.projects.values()]
      return toPage(call.url, projects, (project) => toRow(call, project, publicProjects.has(project.uuid)))
    },
  },
  {
    path: '/2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/users',
    scopes: ['project:admin'],
    answer: (call) => userGrants(call, 'project', readProject(call).grants),
  },
  {
    path: '/2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/groups',
    scopes: ['project:admin'],
    answer: (call) => groupGrants(call, 'project', readProject(call).grants),
  },
]

/** The project that the path names by its key. @throws ApiError 404 */
function readProject(call: Call): Project {
  const key = call.param('project_key')
  const project = call.workspace.projectsByKey.get(key)
  if (project === undefined) throw new ApiError(404, `No project with key '${key}' in this workspace.`)
  return project
}

function toRow({ workspace, url }: Call, project: Project, hasPublicRepositories: boolean): JsonObject {
  return {
    type: 'project',
    uuid: project.uuid,
    key: project.key,
    name: project.name,
    description: project.description,
    is_private: project.isPrivate,
    has_publicly_visible_repos: hasPublicRepositories,
    created_on: project.createdOn,
    updated_on: project.updatedOn,
    owner: toTeam(workspace, url),
    workspace: toWorkspace(workspace, url),
    links: projectLinks(project, workspace, url),
  }
}
