import { type Draft, parseDraft, serialiseDraft } from './draft.ts'

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * Keeps the draft of a tenant in the browser, so that it survives a closed tab. Where the browser keeps nothing, for it may be told
 * not to or be full, the wizard works all the same.
 */
export function createDraftStore(storage: Kept, tenantId: string) {
  const key = `clarity.connect.${tenantId}`
  return {
    read(): Draft {
      return parseDraft(attempt(() => storage.getItem(key)) ?? null, Intl.DateTimeFormat().resolvedOptions().timeZone)
    },
    write(draft: Draft): void {
      attempt(() => storage.setItem(key, serialiseDraft(draft)))
    },
    clear(): void {
      attempt(() => storage.removeItem(key))
    },
  }
}

export type DraftStore = ReturnType<typeof createDraftStore>

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
