import { z } from 'zod'

const kind = z
  .enum(['incremental', 'full'])
  .default('incremental')
  .describe('What each run reads: what promises most within the budget, or everything')

/** When a connection syncs by itself. */
export const Schedule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('manual') }),
  z.strictObject({
    mode: z.literal('interval'),
    minutes: z
      .int()
      .min(5, 'is less than 5: Bitbucket allows no more')
      .max(30 * 24 * 60, 'is more than 30 days'),
    kind,
  }),
  z.strictObject({
    mode: z.literal('cron'),
    pattern: z.string().trim().max(100).describe('Minute, hour, day of month, month, day of week, such as 0 3 * * 1-5'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'is no time zone: write a name such as Europe/Berlin or UTC')
      .default('UTC'),
    kind,
  }),
])
export type Schedule = z.infer<typeof Schedule>

export const manualSchedule: Schedule = { mode: 'manual' }

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
