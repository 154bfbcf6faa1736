import { outlookOf } from '../../api/schedule-outlook.ts'
import { Notice } from '../../ui/badge.tsx'
import { formatDuration } from '../../ui/time.tsx'
import styles from './connect.module.css'
import { LookNow } from './look-now.tsx'
import { toSchedule } from './request.ts'
import { useResultFocus } from './use-result-focus.ts'
import { useWizard } from './wizard.ts'

/** What freshness to expect of the schedule, once the size of the workspace is known. */
export function FreshnessPreview() {
  const { draft, validation } = useWizard()
  const schedule = toSchedule(draft)
  const { result, onAsk } = useResultFocus(validation.current !== null)
  if (schedule.mode === 'manual') return null
  const preflight = validation.current?.preflight
  if (preflight === undefined) return <LookNow what="what freshness to expect" onAsk={onAsk} />
  if (preflight.cadences === null) {
    return <Notice tone="neutral">What freshness to expect is told once the workspace can be read.</Notice>
  }
  const { sentences, isTooMuch, knownWithin } = outlookOf(schedule, preflight.cadences)
  return (
    <div ref={result} tabIndex={-1} role="status">
      <Notice tone={isTooMuch ? 'warn' : 'info'}>
        {isTooMuch && <strong>More than the budget gives</strong>}
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {knownWithin.length > 0 && (
          <table className={styles.narrowTable}>
            <thead>
              <tr>
                <th scope="col">A change of</th>
                <th scope="col">is told within (19 of 20)</th>
              </tr>
            </thead>
            <tbody className="numeric">
              {knownWithin.map(([what, seconds]) => (
                <tr key={what}>
                  <td>{what}</td>
                  <td>{formatDuration(seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Notice>
    </div>
  )
}
