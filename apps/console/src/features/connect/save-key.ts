/**
 * The `Idempotency-Key` of a save: the same one as long as the same is saved, so that a second press, or another try after an answer
 * was lost, makes no second connection; another one as soon as anything differs.
 */
export function createSaveKeys(newKey: () => string): (connection: unknown) => string {
  let last: { readonly content: string; readonly key: string } | null = null
  return (connection) => {
    const content = JSON.stringify(connection)
    if (last?.content !== content) last = { content, key: newKey() }
    return last.key
  }
}
