import type { Connection } from '@clarity/shared/contract/connections'
import {
  type ListingEvidence,
  removalConfirmation,
  type SignedEvidence,
  type SyncEvidence,
} from '@clarity/shared/contract/evidence'
import type { GrantId, NestingId, ScopeId, SyncId } from '@clarity/shared/contract/ids'
import type { Sync } from '@clarity/shared/contract/syncs'
import { digestOfFacts, digestOfScope } from '@clarity/shared/evidence/facts-digest'
import type { EvidenceSigner } from '@clarity/shared/evidence/sign'
import { InvariantError } from '@clarity/shared/runtime/errors'
import type { FactStore } from '@clarity/shared/store/facts'
import { heldId } from '@clarity/shared/store/hold-summary'
import type { HoldStore } from '@clarity/shared/store/holds'
import { readNotRead } from '@clarity/shared/store/not-read'
import type { SyncStore } from '@clarity/shared/store/syncs'

export interface EvidenceOptions {
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly syncs: SyncStore
  readonly signer: EvidenceSigner
  readonly connection: Connection
  readonly syncId: SyncId
  /** The lists that the sync read. */
  readonly listings: Readonly<Record<string, ListingEvidence>>
  readonly end: Pick<SyncEvidence['sync'], 'state' | 'finishedAt'>
}

const software = { name: 'clarity-bitbucket', version: '0.1.0' }

/** What a sync leaves behind at its end, signed. Called under the connection's lease, so nothing changes meanwhile. */
export async function gatherEvidence(options: EvidenceOptions): Promise<SignedEvidence> {
  const { facts, syncs, signer, connection, syncId, listings, end } = options
  const sync = await syncs.read(connection.id, syncId)
  if (sync === null) throw new InvariantError('A sync ends that is not stored', { syncId })
  const { id, kind, trigger, requestedAt, startedAt, coverage, progress } = sync
  const { complete, stale, unobservable } = coverage ?? { complete: 0, stale: 0, unobservable: 0 }
  const { uuid, slug } = connection.workspace
  return signer.sign({
    version: 1,
    tenantId: connection.tenantId,
    connection: { id: connection.id, uniqueIdentifier: connection.uniqueIdentifier },
    workspace: { uuid, slug },
    sync: { id, kind, trigger, state: end.state, requestedAt, startedAt, finishedAt: end.finishedAt },
    listings,
    coverage: { complete, stale, unobservable },
    notRead: await readNotRead(facts, connection.id),
    removals: { told: removalsTold(sync), confirmation: removalConfirmation, held: await countHeld(options) },
    facts: { ...(await facts.readTotals(connection.id)), sha256: await digestOfAll(facts, connection.id) },
    requests: progress.requests,
    software,
  })
}

function removalsTold({ kind, stats }: Sync): SyncEvidence['removals']['told'] {
  // A preview counts what it would tell, and tells nothing.
  if (kind === 'preview') return { grants: 0, nestings: 0 }
  return { grants: stats.grants?.removed ?? 0, nestings: stats.nestings?.removed ?? 0 }
}

async function countHeld({ holds, connection }: EvidenceOptions): Promise<number> {
  const hold = await holds.read(connection.id)
  return [...(hold?.scopes.values() ?? [])].reduce((sum, { removals }) => sum + removals.length, 0)
}

function digestOfAll(facts: FactStore, connectionId: string): Promise<string> {
  return digestOfFacts(digestsOfScopes(facts, connectionId))
}

async function* digestsOfScopes(facts: FactStore, connectionId: string): AsyncGenerator<[ScopeId, string | null]> {
  const parts = new Map<ScopeId, Set<GrantId | NestingId>>()
  for await (const [scopeId, fields] of facts.scanAllFacts(connectionId)) {
    const ids = fields.flatMap(([field, level]) => (isHolding(field, level) ? [heldId(scopeId, field, level)] : []))
    if (!comesInParts(scopeId)) yield [scopeId, digestOfScope(ids)]
    else {
      const all = parts.get(scopeId) ?? new Set()
      for (const id of ids) all.add(id)
      parts.set(scopeId, all)
    }
  }
  for (const [scopeId, ids] of parts) yield [scopeId, digestOfScope(ids)]
}

function comesInParts(scopeId: ScopeId): boolean {
  return scopeId.startsWith('workspace/')
}

/** Other fields say that a level is published or that a group exists. */
function isHolding(field: string, level: string): boolean {
  return !field.startsWith('#') && level !== ''
}
