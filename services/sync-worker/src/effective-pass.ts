import { type BitbucketClient, readEffectivePermissionPage } from '@clarity/bitbucket'
import { bareUuid, type ConnectionId, type ScopeId } from '@clarity/shared/contract/ids'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { ChangeStore, EffectivePass } from '@clarity/shared/store/changes'
import { z } from 'zod'
import { abandonPass, completePass, createDetectorState, type DetectorState, observeRows } from './core/detector.ts'
import type { SliceBounds } from './slice-bounds.ts'

export interface EffectivePassOptions {
  readonly client: BitbucketClient
  readonly changes: ChangeStore
  readonly clock: Clock
  readonly bounds: SliceBounds
  readonly workspaceSlug: string
  readonly connectionId: ConnectionId
}

/**
 * Reads some pages of the workspace's effective permissions and notes which repositories have probably changed. It proves
 * nothing and removes nothing: what it names is read from the repository itself. @throws UpstreamError, SliceOver
 */
export async function runEffectivePass(
  options: EffectivePassOptions,
  { pages, begin }: { readonly pages: number; readonly begin: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { client, changes, clock, bounds, workspaceSlug, connectionId } = options
  const before = await changes.readPass(connectionId)
  const stored = await changes.readDetector(connectionId)
  const state = stored === null ? createDetectorState() : decodeState(stored)
  if (begin) abandonPass(state)
  let pass: EffectivePass = begin || before === null ? newPass(before, clock.now()) : before
  const hints: ScopeId[] = []
  const save = () => changes.savePass(connectionId, pass, encodeState(state), hints, clock.now())
  for (let page = 0; page < pages && !pass.finished && !bounds.isOver; page++) {
    const read = await readEffectivePermissionPage(client, workspaceSlug, pass.next, signal).catch(async (error) => {
      await save()
      throw error
    })
    const rows = read.rows.map(({ repository, user, permission }) => ({
      repositoryId: repository.uuid,
      userId: user.uuid,
      level: permission,
    }))
    hints.push(...observeRows(state, rows).map(toScope))
    const finished = read.next === null
    if (finished) hints.push(...completePass(state).map(toScope))
    const rowsRead = pass.rowsRead + rows.length
    const counted = finished ? rowsRead : (read.count ?? pass.rows)
    pass = { ...pass, pagesRead: pass.pagesRead + 1, rowsRead, finished, next: read.next, rows: counted }
  }
  await save()
}

function newPass(before: EffectivePass | null, startedAtMs: number): EffectivePass {
  return { startedAtMs, pagesRead: 0, rowsRead: 0, finished: false, next: null, rows: before?.rows ?? null }
}

function toScope(uuid: string): ScopeId {
  return `repository/${bareUuid(uuid)}`
}

const Digests = z.array(z.tuple([z.string(), z.string()]))
const Counts = z.array(z.tuple([z.string(), z.int()]))
const Stored = z.object({
  known: Digests.nullable(),
  current: Digests,
  open: z.string().nullable(),
  grouped: z.boolean(),
  alikeBefore: Counts,
  alike: Counts,
})

function encodeState({ known, current, open, grouped, alikeBefore, alike }: DetectorState): string {
  return JSON.stringify({
    known: known && [...known],
    current: [...current],
    open,
    grouped,
    alikeBefore: [...alikeBefore],
    alike: [...alike],
  } satisfies z.input<typeof Stored>)
}

function decodeState(json: string): DetectorState {
  const { known, current, open, grouped, alikeBefore, alike } = Stored.parse(JSON.parse(json))
  return {
    known: known && new Map(known),
    current: new Map(current),
    open,
    grouped,
    alikeBefore: new Map(alikeBefore),
    alike: new Map(alike),
  }
}
