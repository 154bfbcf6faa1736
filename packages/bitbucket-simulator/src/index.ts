import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { createApp, type Tls } from './app.ts'
import { createClock, type SimulatorClock } from './clock.ts'
import type { ConformanceChecker } from './conformance/checker.ts'
import type { ConformanceReport } from './conformance/report.ts'
import type { SimulatorContext } from './context.ts'
import { createAuthentication } from './credentials/authentication.ts'
import { endpointNames } from './endpoints/all.ts'
import { type Era, tokenLifeSeconds } from './era.ts'
import { createFaultSchedule, type FaultSchedule } from './faults/schedule.ts'
import { createDeliveries, type Deliveries } from './hooks/deliveries.ts'
import { createLimits, defaultLimits, type LimitSettings } from './limits/limits.ts'
import { createRequestCounter } from './requests/counter.ts'
import { createRequestLog } from './requests/log.ts'
import { uuidOf } from './world/names.ts'
import { WorkspaceOptions } from './world/options.ts'
import { findConflict, seedWorkspace } from './world/seed.ts'
import type { World } from './world/types.ts'
import { createWorld } from './world/world.ts'

export { createClock, type SimulatorClock } from './clock.ts'
export { FaultRule } from './faults/fault.ts'
export { createFaultSchedule, type FaultSchedule, type FaultStatus } from './faults/schedule.ts'
export type { LimitSettings } from './limits/limits.ts'
export type { Change } from './world/changes/change.ts'
export type { WorkspaceOptions } from './world/options.ts'
export { type Truth, toTruth } from './world/truth.ts'
export type { World } from './world/types.ts'

export interface SimulatorOptions {
  readonly host?: string
  /** 0 takes any free port; `url` tells which. */
  readonly port?: number
  readonly era?: Era
  /** How long tokens live; by the era when left out. */
  readonly tokenLifeSeconds?: number
  /** The machine's clock when left out. */
  readonly clock?: SimulatorClock
  readonly workspaces?: readonly WorkspaceOptions[]
  /** What differs from the limits that Bitbucket has. */
  readonly limits?: Partial<LimitSettings>
  readonly tls?: Tls
  /** Where Atlassian's description of the API lies; every answer is then checked against it. */
  readonly openApiPath?: string
}

export interface Simulator extends AsyncDisposable {
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string
  readonly app: FastifyInstance
  /** The live truth: read it, and change it over the control API. */
  readonly world: World
  readonly faults: FaultSchedule
  readonly clock: SimulatorClock
  /** What goes to webhooks. */
  readonly deliveries: Deliveries
  /** What the answers so far were when held against the description; null without one. */
  conformance(): ConformanceReport | null
  close(): Promise<void>
}

/**
 * Starts a simulator that listens; it holds the workspaces given, and takes more over the control API.
 * @throws ZodError when a workspace's options are wrong, Error when two claim one slug or consumer key
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, era = '2026', clock = createClock(), workspaces = [] } = options
  const world = createWorld()
  for (const given of workspaces) {
    const workspace = WorkspaceOptions.parse(given)
    const conflict = findConflict(world, workspace)
    if (conflict !== undefined) throw new Error(conflict)
    seedWorkspace(world, workspace)
  }
  // The description is of today's API.
  const checker = era === '2026' && options.openApiPath !== undefined ? await createChecker(options.openApiPath) : null
  let deliveriesMade = 0
  const context: SimulatorContext = {
    era,
    world,
    clock,
    authentication: createAuthentication(world, clock, options.tokenLifeSeconds ?? tokenLifeSeconds[era]),
    limits: createLimits(clock, { ...defaultLimits, ...options.limits }),
    faults: createFaultSchedule(endpointNames),
    counter: createRequestCounter(),
    log: createRequestLog(),
    deliveries: createDeliveries({ clock, newUuid: () => uuidOf('delivery', ++deliveriesMade).slice(1, -1) }),
    pagelenMax: new Map(),
    observe(answer) {
      checker?.check(answer)
    },
    conformance: () => checker?.report() ?? null,
  }
  const app = createApp(context, options.tls)
  await app.listen({ host, port })
  const close = async () => {
    await context.deliveries.close()
    await app.close()
  }
  return {
    url: urlOf(app, options.tls === undefined ? 'http' : 'https'),
    app,
    world,
    faults: context.faults,
    clock,
    deliveries: context.deliveries,
    conformance: context.conformance,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Loaded when it is wanted: the validator is large. */
async function createChecker(openApiPath: string): Promise<ConformanceChecker> {
  const { createConformanceChecker } = await import('./conformance/checker.ts')
  return createConformanceChecker(openApiPath)
}

/** The key and certificate for TLS, read from files. */
export async function readTls(keyPath: string, certPath: string): Promise<Tls> {
  return { key: await readFile(keyPath, 'utf8'), cert: await readFile(certPath, 'utf8') }
}

function urlOf(app: FastifyInstance, scheme: 'http' | 'https'): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  // A client cannot call the wildcard address that a container listens on.
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' }[address.address] ?? address.address
  return `${scheme}://${host}:${address.port}`
}
