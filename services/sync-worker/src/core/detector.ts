// Which repositories have probably changed, from two passes of the workspace's effective permissions.
//
// The rows of a repository become a digest: the sum of the hashes of (user, level), so it does not depend on their order,
// and it leaves the repository out. The difference of two digests is therefore the same for every repository that changed
// in the same way. A membership, or what is held on a project, changes many repositories alike, and is read where it was
// changed; what is held on one repository changes that one alone. So only the first few of those that change alike are
// worth a look, and one change of a group cannot drown the others, however many repositories it reaches.
//
// When rows come sorted by repository, one is judged as soon as the next one's rows begin. Rows that turn out to come in
// another order are judged at the end of a complete pass, and the next passes expect that. A pass that breaks off gives no
// further hint, and nothing of it is kept: the next one is compared with the last complete one.

export interface EffectiveRow {
  readonly repositoryId: string
  readonly userId: string
  readonly level: string
}

/** 64 bits in hexadecimal. */
export type Digest = string

/** Plain data, to be kept between the slices of a pass; all of it belongs to one workspace. */
export interface DetectorState {
  /** Of the last complete pass; null before there was one. */
  known: Map<string, Digest> | null
  /** Of the pass that is on its way. */
  current: Map<string, Digest>
  /** The repository whose rows are coming. */
  open: string | null
  grouped: boolean
  /** How many repositories changed by each difference, in the last complete pass and in this one. */
  alikeBefore: Map<Digest, number>
  alike: Map<Digest, number>
}

/** Of repositories that changed alike, this many are worth a look. */
export const alikeMax = 2

const nothing: Digest = '0'.repeat(16)

/** A workspace of which no pass was ever made. */
export function createDetectorState(): DetectorState {
  return { known: null, current: new Map(), open: null, grouped: true, alikeBefore: new Map(), alike: new Map() }
}

/** Takes the next rows of the pass into `state` and returns the repositories that are now known to be worth a look. */
export function observeRows(state: DetectorState, rows: Iterable<EffectiveRow>): string[] {
  const hints: string[] = []
  let [high, low] = partsOf(state.current, state.open)
  for (const { repositoryId, userId, level } of rows) {
    if (repositoryId !== state.open) {
      keepOpen(state, high, low)
      if (state.grouped && state.open !== null && isHint(state, state.open)) hints.push(state.open)
      if (state.current.has(repositoryId)) state.grouped = false
      state.open = repositoryId
      const parts = partsOf(state.current, repositoryId)
      high = parts[0]
      low = parts[1]
    }
    const hash = hashRow(userId, level)
    high = (high + hash[0]) >>> 0
    low = (low + hash[1]) >>> 0
  }
  keepOpen(state, high, low)
  return hints
}

function keepOpen({ current, open }: DetectorState, high: number, low: number): void {
  if (open !== null) current.set(open, toDigest(high, low))
}

function partsOf(digests: ReadonlyMap<string, Digest>, repositoryId: string | null): readonly [number, number] {
  const digest = (repositoryId === null ? undefined : digests.get(repositoryId)) ?? nothing
  return [part(digest, 0), part(digest, 8)]
}

/** The pass came to its end, all of its rows seen: what is left to be judged. `state` is ready for the next pass. */
export function completePass(state: DetectorState): string[] {
  const judged = state.grouped
  const remaining = judged ? [state.open] : [...state.current.keys()]
  if (!judged) state.alike = new Map()
  const gone = [...(state.known?.keys() ?? [])].filter((id) => !state.current.has(id))
  const hints = [...remaining, ...gone].filter((id) => id !== null && isHint(state, id))
  state.known = state.current
  state.alikeBefore = state.alike
  begin(state)
  return hints.filter((id) => id !== null)
}

/** The pass broke off: it gives no further hint, and the next one is compared with the last complete one. */
export function abandonPass(state: DetectorState): void {
  begin(state)
}

function begin(state: DetectorState): void {
  state.current = new Map()
  state.open = null
  state.alike = new Map()
}

/** Counts the change of a repository whose rows are all there, if there is one, and says whether it is worth a look. */
function isHint(state: DetectorState, repositoryId: string): boolean {
  if (state.known === null) return false
  const before = state.known.get(repositoryId) ?? nothing
  const after = state.current.get(repositoryId) ?? nothing
  if (before === after) return false
  const difference = toDigest(part(after, 0) - part(before, 0), part(after, 8) - part(before, 8))
  const alike = (state.alike.get(difference) ?? 0) + 1
  state.alike.set(difference, alike)
  return alike + (state.alikeBefore.get(difference) ?? 0) <= alikeMax
}

function part(digest: Digest, from: number): number {
  return Number.parseInt(digest.slice(from, from + 8), 16)
}

function toDigest(high: number, low: number): Digest {
  return hex(high) + hex(low)
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}

/** Two independent hashes of 32 bits: not to withstand anybody, but so spread that sums of them do not meet by chance. */
function hashRow(userId: string, level: string): readonly [number, number] {
  const text = `${userId}|${level}`
  let high = 0x811c9dc5
  let low = 0x9747b28c
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995)
    low ^= low >>> 15
  }
  return [spread(high), spread(low)]
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function spread(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
