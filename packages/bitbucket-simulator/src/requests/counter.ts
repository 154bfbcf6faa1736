/** What a client has cost: the calls of the API by endpoint and status, and token calls apart. */
export interface RequestCounts {
  readonly total: number
  readonly token: number
  readonly byEndpoint: Readonly<Record<string, number>>
  readonly byStatus: Readonly<Record<string, number>>
}

export interface RequestCounter {
  /** `workspace` is the slug of the workspace that the path names, if there is one; `status` null when none was sent. */
  countCall(endpoint: string, status: number | null, workspace: string | undefined): void
  countToken(workspace: string | undefined): void
  /** The counts of one workspace, or of everything. */
  read(workspace?: string): RequestCounts
  reset(): void
}

interface Entry {
  readonly workspace: string | undefined
  readonly endpoint: string
  readonly status: number | null
  count: number
}

/** Counts since its creation or the last reset. */
export function createRequestCounter(): RequestCounter {
  const calls = new Map<string, Entry>()
  const tokens = new Map<string | undefined, number>()
  return {
    countCall(endpoint, status, workspace) {
      const id = `${workspace} ${status} ${endpoint}`
      const entry = calls.get(id) ?? { workspace, endpoint, status, count: 0 }
      entry.count++
      calls.set(id, entry)
    },
    countToken(workspace) {
      tokens.set(workspace, (tokens.get(workspace) ?? 0) + 1)
    },
    read(workspace) {
      const isMeant = (of: string | undefined) => workspace === undefined || of === workspace
      const entries = [...calls.values()].filter((entry) => isMeant(entry.workspace))
      return {
        total: entries.reduce((sum, { count }) => sum + count, 0),
        token: [...tokens].reduce((sum, [of, count]) => sum + (isMeant(of) ? count : 0), 0),
        byEndpoint: sumBy(entries, ({ endpoint }) => endpoint),
        byStatus: sumBy(entries, ({ status }) => String(status ?? 'none')),
      }
    },
    reset() {
      calls.clear()
      tokens.clear()
    },
  }
}

function sumBy(entries: readonly Entry[], labelOf: (entry: Entry) => string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const entry of entries) {
    const label = labelOf(entry)
    sums[label] = (sums[label] ?? 0) + entry.count
  }
  return sums
}
