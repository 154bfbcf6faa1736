import type { SimulatorContext } from '../context.ts'
import { toOwner, toProject, toRepository, toWorkspace } from '../endpoints/shapes.ts'
import type { JsonObject } from '../http/json.ts'
import type { ChangeOutcome } from '../world/changes/apply.ts'
import type { Change } from '../world/changes/change.ts'
import type { Project, Repository, Workspace } from '../world/types.ts'
import type { EventKey } from './events.ts'
import { wants } from './hook.ts'

/** The events that changes of the truth make. All others, those of permissions first of all, make none. */
const events: Partial<Record<Change['type'], EventKey>> = {
  'add-repository': 'repo:created',
  'remove-repository': 'repo:deleted',
  'rename-repository': 'repo:updated',
  'move-repository': 'repo:updated',
  'set-repository-privacy': 'repo:updated',
  'rename-project': 'project:updated',
}

/** Makes a change and tells the webhooks of it; what a removed repository was is told as it was before. */
export function changeAndAnnounce(
  context: SimulatorContext,
  base: string,
  workspace: Workspace,
  change: Change,
  apply: () => ChangeOutcome,
): ChangeOutcome {
  const before = describe(workspace, base, 'uuid' in change ? change.uuid : undefined)
  const outcome = apply()
  const event = events[change.type]
  if (outcome.state === 'refused' || event === undefined) return outcome
  const { repositoryUuid, projectUuid } = outcome.ids
  const after = describe(workspace, base, repositoryUuid ?? projectUuid) ?? before
  const payload = {
    actor: toOwner(workspace, base),
    ...(event === 'project:updated' ? { project: after } : { repository: after }),
    ...(event.endsWith(':updated') ? { changes: differences(before ?? {}, after ?? {}) } : {}),
  }
  for (const hook of workspace.hooks.values()) if (wants(hook, event)) context.deliveries.deliver(hook, event, payload)
  return outcome
}

function describe(workspace: Workspace, base: string, uuid: string | undefined): JsonObject | undefined {
  if (uuid === undefined) return undefined
  const repository = workspace.repositories.get(uuid)
  if (repository !== undefined) return describeRepository(workspace, base, repository)
  const project: Project | undefined = workspace.projects.get(uuid)
  return project && { ...toProject(project, workspace, base), owner: toOwner(workspace, base) }
}

function describeRepository(workspace: Workspace, base: string, repository: Repository): JsonObject {
  const project = workspace.projects.get(repository.projectUuid)
  return {
    ...toRepository(repository, workspace, base),
    is_private: repository.isPrivate,
    owner: toOwner(workspace, base),
    workspace: toWorkspace(workspace, base),
    ...(project ? { project: toProject(project, workspace, base) } : {}),
  }
}

/** What has another value than before, as `{name: {old, new}}`. */
function differences(before: JsonObject, after: JsonObject) {
  const changed = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return Object.fromEntries(changed.map((name) => [name, { old: before[name] ?? null, new: after[name] ?? null }]))
}
