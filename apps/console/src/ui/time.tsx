import { useNow } from './use-now.ts'

const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const whole = new Intl.NumberFormat()
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** A time in the reader's zone; the exact one, in UTC, is shown when it is pointed at. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {long.format(new Date(at))}
    </time>
  )
}

/** The time of the day in the reader's zone, where the day is said above. */
export function TimeOfDay({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {clock.format(new Date(at))}
    </time>
  )
}

/** The day in the reader's zone, written out. */
export function formatDay(at: string): string {
  return day.format(new Date(at))
}

/** How long ago it was, or how long it will take; it goes on by itself. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={exact(at)}>
      {formatAgo((Date.parse(at) - now) / 1_000)}
    </time>
  )
}

export function formatTime(at: string): string {
  return long.format(new Date(at))
}

/** The time of the day alone where that is today, else with the date. */
export function formatClock(at: string): string {
  const time = new Date(at)
  return time.toDateString() === new Date().toDateString() ? clock.format(time) : long.format(time)
}

/** `seconds` from now, negative for the past, in the largest unit that fits. */
export function formatAgo(seconds: number): string {
  const size = Math.abs(seconds)
  if (size < 60) return relative.format(Math.round(seconds), 'second')
  if (size < 3_600) return relative.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return relative.format(Math.round(seconds / 3_600), 'hour')
  return relative.format(Math.round(seconds / 86_400), 'day')
}

/** A length of time in words, such as "11 h 40 min". */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds))
  if (total < 60) return `${total} s`
  const minutes = Math.round(total / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} days`
}

/** A whole number as the reader writes it. */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** A count with its noun: "1 group", "41 groups". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

function exact(at: string): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC')
}
