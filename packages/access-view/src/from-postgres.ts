/** What PostgreSQL writes of an instant, as the contracts write it. */
export function toIso(text: string): string {
  return new Date(text).toISOString()
}
