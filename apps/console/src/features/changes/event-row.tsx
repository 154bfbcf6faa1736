import type { ToldEvent } from '../../api/queries.ts'
import { Time, TimeOfDay } from '../../ui/time.tsx'
import { describeEvent } from './describe-event.ts'
import { idsMentioned } from './entity-names.ts'
import styles from './event-row.module.css'
import { readEvent } from './read-event.ts'
import { toldAt } from './rows.ts'
import { SentenceText, ToneIcon } from './sentence-view.tsx'
import { useNames } from './use-names.ts'

/** An event in the list: when, what, and what else it says. It opens the event beside the list. */
export function EventRow({
  connectionId,
  event,
  onOpen,
}: {
  readonly connectionId: string
  readonly event: ToldEvent
  readonly onOpen: (sequence: number) => void
}) {
  const known = readEvent(event)
  const names = useNames(connectionId, known === null ? [] : idsMentioned(known), event.sequence)
  const { text, details, tone } = describeEvent(event, names)
  const since = known?.data.previouslyObservedAt ?? null
  return (
    <button type="button" className={styles.row} onClick={() => onOpen(event.sequence)}>
      <span className={styles.time}>
        <TimeOfDay at={toldAt(event)} />
      </span>
      <ToneIcon tone={tone} />
      <span className={styles.words}>
        <span>
          <SentenceText text={text} />
        </span>
        <span className={styles.details}>
          {details.map((detail, index) => (
            // The details of an event keep their places.
            <span key={`${index}`}>
              <SentenceText text={detail} />{' '}
            </span>
          ))}
          {since !== null && known?.name.startsWith('sync.') === false && (
            <span>
              Changed after <Time at={since} />.
            </span>
          )}
        </span>
      </span>
      <span className={styles.number}>#{event.sequence}</span>
    </button>
  )
}
