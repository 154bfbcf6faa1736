import { tokenRoute } from '../http/serve.ts'
import { effectivePermissionEndpoints } from './effective-permissions.ts'
import { groupEndpoints } from './groups.ts'
import { hookEndpoints } from './hooks.ts'
import { memberEndpoints } from './members.ts'
import { projectEndpoints } from './projects.ts'
import { repositoryEndpoints } from './repositories.ts'
import { userEndpoints } from './users.ts'
import { workspaceEndpoints } from './workspace.ts'

/** All of the API that the simulator knows, in every era. */
export const endpoints = [
  ...workspaceEndpoints,
  ...memberEndpoints,
  ...userEndpoints,
  ...projectEndpoints,
  ...repositoryEndpoints,
  ...effectivePermissionEndpoints,
  ...groupEndpoints,
  ...hookEndpoints,
]

/** What the counts, the log and the faults call them, as in `GET /2.0/workspaces/{workspace}`. */
export const endpointNames: ReadonlySet<string> = new Set([
  `POST ${tokenRoute}`,
  ...endpoints.map(({ method = 'GET', path }) => `${method} ${path}`),
])
