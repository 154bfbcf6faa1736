import { type CredentialCheck, type CredentialReport, lackingScopes } from './preflight-credentials.ts'
import type { Probe, Probes } from './preflight-probes.ts'
import { fieldAtFault, type Reason, toReason } from './preflight-reason.ts'
import { missingScopes, scopeLabel } from './scopes.ts'

/** A field of a connection, as the API names it. */
export type CredentialField = 'credential' | `moreCredentials.${number}`

export interface Problem extends Reason {
  readonly field: CredentialField | 'workspace' | 'include' | null
  /** The endpoint of Bitbucket that refuses. */
  readonly endpoint: string | null
}

/** What stands in the way of a full sync: of the first credential, of the others, of each list. */
export function findProblems(
  first: CredentialCheck,
  credentials: readonly CredentialReport[],
  probes: readonly Probe[],
  nowMs: number,
): Problem[] {
  const { granted, found, scopes } = first
  const problems: Problem[] = []
  if (granted.state === 'refused') problems.push(ofField('credential', toReason(granted.error, nowMs)))
  if (scopes.missing.length > 0) problems.push(ofField('credential', lackingScopes(scopes.missing)))
  if (found?.state === 'refused') problems.push(ofField(fieldAtFault(found.error), toReason(found.error, nowMs)))
  for (const [place, report] of credentials.entries()) {
    if (place > 0 && report.state !== 'works') problems.push(ofField(credentialField(place), reasonOf(report)))
  }
  return [...problems, ...ofLists(probes, scopes.missing.length > 0, nowMs)]
}

/** What need not be, and does not stand in the way. */
export function findWarnings(credentials: readonly CredentialReport[], probes: Probes | null): Problem[] {
  const warnings = credentials.flatMap(({ id, scopes }, place): Problem[] => {
    const field = credentialField(place)
    const isRepeated = credentials.findIndex((other) => other.id === id) < place
    return [
      ...(scopes.excess.length > 0 ? [ofField(field, needlessScopes(scopes.granted ?? [], scopes.excess))] : []),
      ...(isRepeated ? [ofField(field, repeated)] : []),
    ]
  })
  const { included: projects } = probes?.projects ?? {}
  const { included: repositories } = probes?.repositories ?? {}
  const isNothing =
    projects === 0 && repositories === 0 && ((probes?.projects.of ?? 0) > 0 || (probes?.repositories.of ?? 0) > 0)
  return isNothing ? [...warnings, ofField('include', nothingIncluded)] : warnings
}

/** What the scopes explain is told once, and so is a limit: it is not about the list. */
function ofLists(probes: readonly Probe[], lacksScopes: boolean, nowMs: number): Problem[] {
  const problems: Problem[] = []
  let isLimitTold = false
  for (const probe of probes) {
    if (probe.state !== 'refused' || (lacksScopes && probe.error.code === 'scope-missing')) continue
    const reason = toReason(probe.error, nowMs)
    if (probe.error.kind !== 'rate-limited') problems.push({ field: null, endpoint: probe.endpoint, ...reason })
    else if (!isLimitTold) {
      isLimitTold = true
      problems.push(ofField('credential', reason))
    }
  }
  return problems
}

function ofField(field: Problem['field'], reason: Reason): Problem {
  return { field, endpoint: null, ...reason }
}

function credentialField(place: number): CredentialField {
  return place === 0 ? 'credential' : `moreCredentials.${place - 1}`
}

function reasonOf(report: Exclude<CredentialReport, { state: 'works' }>): Reason {
  const { id: _, scopes: __, state: ___, ...reason } = report
  return reason
}

/** Where one of them brings what is needed with it, that is to be granted by itself. */
function needlessScopes(granted: readonly string[], excess: readonly string[]): Reason {
  const labels = excess.map(scopeLabel).join(', ')
  const left = granted.filter((scope) => !excess.includes(scope))
  const held = new Set(missingScopes(granted))
  const instead = missingScopes(left).filter((scope) => !held.has(scope))
  const tick = instead.length > 0 ? `, and tick ${instead.map(scopeLabel).join(', ')} instead` : ''
  return {
    code: 'scope-excess',
    message: `The credential may do more than is needed: ${labels}`,
    remedy: `Untick ${labels} at the OAuth consumer if nothing else uses it${tick}.`,
  }
}

const repeated: Reason = {
  code: 'credential-repeated',
  message: 'This credential is given already, so it adds no requests',
  remedy: 'Leave it out, or give another consumer: the limit of Bitbucket is one of each consumer or person.',
}

const nothingIncluded: Reason = {
  code: 'nothing-included',
  message: 'The workspace has projects or repositories, and none of them is included',
  remedy: 'Look for a misspelt key or pattern, or include more.',
}
