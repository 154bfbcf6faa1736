import { createHash } from 'node:crypto'
import type { CallIdentity, Fault, FaultRule } from './fault.ts'

/** A rule in force, and how often it has fired. */
export interface FaultStatus extends FaultRule {
  readonly id: string
  readonly fired: number
  /** Whether it has fired as often as it must. */
  readonly satisfied: boolean
}

export interface FaultSchedule {
  /** Puts a rule in force, after those that are; answers its id. @throws Error for an endpoint that there is none of */
  add(rule: FaultRule): string
  /**
   * What this attempt at the call meets: every latency, and of other faults that of the first rule that is for it.
   * Counts the attempt.
   */
  meet(call: CallIdentity): readonly Fault[]
  read(): FaultStatus[]
  /** Takes all rules away. */
  clear(): void
}

interface Active {
  readonly id: string
  readonly rule: FaultRule
  readonly attempts: Map<string, number>
  fired: number
}

/** `endpoints` names those that rules may be for. */
export function createFaultSchedule(endpoints: ReadonlySet<string>): FaultSchedule {
  const active: Active[] = []
  let added = 0
  return {
    add(rule) {
      if (rule.endpoint !== undefined && !endpoints.has(rule.endpoint)) throw new Error(noSuchEndpoint(rule.endpoint))
      const id = `fault-${++added}`
      active.push({ id, rule, attempts: new Map(), fired: 0 })
      return id
    },
    meet(call) {
      const met: Active[] = []
      for (const one of active) {
        if (!isFor(one.rule, call) || !isTurn(one, call)) continue
        if (isLatency(one) || met.every(isLatency)) met.push(one)
      }
      for (const one of met) one.fired++
      return met.map(({ rule }) => rule.fault)
    },
    read: () => active.map(({ id, rule, fired }) => ({ id, ...rule, fired, satisfied: fired >= rule.atLeast })),
    clear: () => active.splice(0),
  }
}

function isLatency({ rule }: Active): boolean {
  return rule.fault.type === 'latency'
}

/** A rule that could never fire says so at once. */
export function noSuchEndpoint(endpoint: string): string {
  return `there is no endpoint ${endpoint}: write it as GET /2.0/workspaces/{workspace}, with the names of its parameters`
}

function isFor({ endpoint, workspace, resource, page, credential }: FaultRule, call: CallIdentity): boolean {
  return (
    (endpoint === undefined || endpoint === call.endpoint) &&
    (workspace === undefined || workspace === call.workspace) &&
    (resource === undefined || call.resources.includes(resource)) &&
    (page === undefined || page === call.page) &&
    (credential === undefined || credential === call.credential)
  )
}

/** Counts the attempt, by the call's identity without the credential: another one's try is a retry as well. */
function isTurn({ rule, attempts }: Active, { endpoint, workspace, resources, page }: CallIdentity): boolean {
  const identity = JSON.stringify([endpoint, workspace, resources, page])
  const attempt = (attempts.get(identity) ?? 0) + 1
  attempts.set(identity, attempt)
  const { from, to } = rule.attempts
  if (attempt < from || (to !== null && attempt > to)) return false
  return rule.share === 1 || drawn(rule.seed, identity, attempt) < rule.share
}

/** A number in [0, 1) that depends on nothing but the rule's seed, the call and the attempt. */
function drawn(seed: number, identity: string, attempt: number): number {
  return createHash('sha256').update(`${seed}\n${attempt}\n${identity}`).digest().readUInt32BE() / 2 ** 32
}
