/** A time as a field for date and time holds it, in the zone of the reader: `2026-05-03T10:15:00`; empty for none. */
export function toLocalInput(at: string | undefined): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** What such a field holds as a time in UTC; undefined for none, and while its year is being typed. */
export function fromLocalInput(value: string): string | undefined {
  const date = new Date(value)
  if (Number.isNaN(date.getTime()) || date.getFullYear() < 2000) return undefined
  return date.toISOString()
}

/** The day so many days before a time, in UTC: `2026-08-25`. */
export function daysBefore(nowMs: number, days: number): string {
  return new Date(nowMs - days * 86_400_000).toISOString().slice(0, 10)
}
