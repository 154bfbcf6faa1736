import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { pathParams } from '../http/endpoint.ts'
import type { Workspace, World } from '../world/types.ts'
import { findWorkspace } from '../world/world.ts'

export interface Issue {
  /** Where in the body, as `resource.uuid`; empty for the body itself. */
  readonly path: string
  readonly message: string
}

/** A control request that cannot be done; `issues` lists every mistake in its body. */
export class ControlError extends Error {
  readonly status: number
  readonly issues: readonly Issue[] | undefined

  constructor(status: number, message: string, issues?: readonly Issue[]) {
    super(message)
    this.status = status
    this.issues = issues
  }
}

/** The request's body by that schema. @throws ControlError 400 with all mistakes */
export function parseBody<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.output<Schema> {
  const parsed = schema.safeParse(request.body ?? {})
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const text = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw new ControlError(400, text, issues)
}

/** The workspace that the path names by slug or uuid. @throws ControlError 404 */
export function readWorkspace(world: World, request: FastifyRequest): Workspace {
  const { workspace: id = '' } = pathParams(request)
  const workspace = findWorkspace(world, id)
  if (workspace === undefined) throw new ControlError(404, `there is no workspace ${id}`)
  return workspace
}
