import { Schedule } from '@clarity/shared/contract/schedule'
import { CronExpressionParser } from 'cron-parser'

/** A schedule whose pattern is one for the parser that the queue itself uses. */
export const RunnableSchedule = Schedule.refine((schedule) => schedule.mode !== 'cron' || isPattern(schedule.pattern), {
  path: ['pattern'],
  message: 'is no cron pattern: write five fields such as 0 3 * * 1-5',
})

function isPattern(pattern: string): boolean {
  // Fields of seconds, or words such as @daily, are not what is asked for.
  if (pattern.split(/\s+/).length !== 5) return false
  try {
    CronExpressionParser.parse(pattern).next()
    return true
  } catch {
    return false
  }
}
