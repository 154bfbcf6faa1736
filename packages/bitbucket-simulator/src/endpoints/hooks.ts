import { z } from 'zod'
import { hookEvents, scopeOf } from '../hooks/events.ts'
import { type Hook, HookInput, toSubscription } from '../hooks/hook.ts'
import { Reply } from '../http/answer.ts'
import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import { requireScopes } from '../http/scopes.ts'
import { instantOf } from '../world/names.ts'
import { issueUuid } from '../world/world.ts'
import { links, toWorkspace } from './shapes.ts'

const reads = { scopes: ['webhook'], tokenScopes: ['read:webhook'] }
const writes = { scopes: ['webhook'], tokenScopes: ['read:webhook', 'write:webhook'] }
const list = '/2.0/workspaces/{workspace}/hooks'

/** The webhooks of a workspace, and what they may subscribe to. */
export const hookEndpoints: readonly Endpoint[] = [
  {
    ...reads,
    path: list,
    answer(call) {
      requireOwner(call)
      return toPage(call, [...call.workspace.hooks.values()], (hook) => toRow(call, hook))
    },
  },
  {
    ...writes,
    method: 'POST',
    path: list,
    answer(call) {
      requireOwner(call)
      const { secret, ...input } = readInput(call)
      const { workspace, context } = call
      const createdAt = instantOf(context.clock.now())
      const hook: Hook = { uuid: issueUuid(workspace), createdAt, ...input, secret: secret || null }
      workspace.hooks.set(hook.uuid, hook)
      return new Reply(201, toRow(call, hook))
    },
  },
  {
    ...reads,
    path: `${list}/{uid}`,
    answer: (call) => toRow(call, readHook(call)),
  },
  {
    ...writes,
    method: 'PUT',
    path: `${list}/{uid}`,
    answer(call) {
      const hook = readHook(call)
      const { secret, ...input } = readInput(call)
      Object.assign(hook, input)
      // Left out, the secret stays; null or empty takes it away.
      if (secret !== undefined) hook.secret = secret || null
      return toRow(call, hook)
    },
  },
  {
    ...writes,
    method: 'DELETE',
    path: `${list}/{uid}`,
    answer(call) {
      call.workspace.hooks.delete(readHook(call).uuid)
      return new Reply(204)
    },
  },
  {
    path: '/2.0/hook_events',
    scopes: [],
    tokenScopes: [],
    anonymous: 'allowed',
    accessTokens: true,
    answer: ({ base }) => ({
      repository: links(base, { events: '/2.0/hook_events/repository' }),
      workspace: links(base, { events: '/2.0/hook_events/workspace' }),
    }),
  },
  {
    path: '/2.0/hook_events/{subject_type}',
    scopes: [],
    tokenScopes: [],
    anonymous: 'allowed',
    accessTokens: true,
    answer(call) {
      const subject = call.param('subject_type')
      if (subject !== 'workspace' && subject !== 'repository') throw new ApiError(404, `${subject} is no subject type.`)
      // All on one page, whatever its length.
      return { page: 1, pagelen: hookEvents.length, size: hookEvents.length, values: hookEvents }
    },
  },
]

/** Only owners of the workspace install webhooks on it. */
function requireOwner({ caller, workspace }: Call): void {
  if (!caller.administers(workspace)) throw new ApiError(403, 'Only owners of the workspace may manage its webhooks.')
}

function readHook(call: Call): Hook {
  requireOwner(call)
  const id = call.param('uid')
  const hook = call.workspace.hooks.get(id) ?? call.workspace.hooks.get(`{${id}}`)
  if (hook === undefined) throw new ApiError(404, `No webhook with identifier '${id}'.`)
  return hook
}

/** @throws ApiError 400 that names the field, 403 when a scope is missing that an event needs */
function readInput({ body, caller }: Call): HookInput {
  const { data, error } = HookInput.safeParse(body)
  if (data === undefined) throw new ApiError(400, 'Bad request', z.prettifyError(error))
  const scopes = [...new Set(['webhook', ...data.events.map(scopeOf)])]
  if (caller.kind !== 'user') requireScopes(caller, { scopes, tokenScopes: [] })
  return data
}

function toRow({ workspace, base }: Call, hook: Hook): JsonObject {
  return toSubscription(hook, toWorkspace(workspace, base))
}
