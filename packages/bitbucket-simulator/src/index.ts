import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import { WorkspaceOptions } from './world/options.ts'
import { findConflict, seedWorkspace } from './world/seed.ts'
import type { World } from './world/types.ts'
import { createWorld } from './world/world.ts'

export type { Change } from './world/changes/change.ts'
export type { WorkspaceOptions } from './world/options.ts'
export { type Truth, toTruth } from './world/truth.ts'
export type { World } from './world/types.ts'

export interface SimulatorOptions {
  readonly host?: string
  /** 0 takes any free port; `url` tells which. */
  readonly port?: number
  readonly tokenLifeSeconds?: number
  /** The time in ms since the epoch. */
  readonly now?: () => number
  readonly workspaces?: readonly WorkspaceOptions[]
}

export interface Simulator extends AsyncDisposable {
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string
  readonly app: FastifyInstance
  /** The live truth: read it, and change it over the control API. */
  readonly world: World
  close(): Promise<void>
}

/**
 * Starts a simulator that listens; it holds the workspaces given, and takes more over the control API.
 * @throws ZodError when a workspace's options are wrong, Error when two claim one slug or consumer key
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, tokenLifeSeconds = 7200, now = Date.now, workspaces = [] } = options
  const world = createWorld()
  for (const given of workspaces) {
    const workspace = WorkspaceOptions.parse(given)
    const conflict = findConflict(world, workspace)
    if (conflict !== undefined) throw new Error(conflict)
    seedWorkspace(world, workspace)
  }
  const app = createApp({ world, now, tokenLifeSeconds })
  await app.listen({ host, port })
  const close = async () => {
    await app.close()
  }
  return { url: urlOf(app), app, world, close, [Symbol.asyncDispose]: close }
}

function urlOf(app: FastifyInstance): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  // A client cannot call the wildcard address that a container listens on.
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' }[address.address] ?? address.address
  return `http://${host}:${address.port}`
}
