import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ToldEvent } from '../../api/queries.ts'
import { Badge } from '../../ui/badge.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { countOf, formatCount, Time } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { type HoldStory, toStory } from './history.ts'
import styles from './hold-history.module.css'
import { decisionsQuery, holdHistoryQuery } from './hold-queries.ts'
import { formatShare } from './look-again.ts'

const decisions = {
  approved: ['Approved', 'good'],
  partly: ['Approved in part', 'good'],
  rejected: ['Rejected', 'neutral'],
  restored: ['There again', 'good'],
  expired: ['Expired', 'warn'],
} as const

/** What was held before, and what became of it. */
export function HoldHistory({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(holdHistoryQuery(connectionId))
  const { data: records = [] } = useQuery({ ...decisionsQuery(connectionId), enabled: useMay('audit:read') })
  return (
    <Panel title="History">
      <QueryView query={query}>
        {(events) =>
          events.length === 0 ? (
            <p className="muted">Nothing was ever held.</p>
          ) : (
            <ol className={styles.list}>
              {events.map((event) => (
                <Story key={event.sequence} connectionId={connectionId} event={event} story={toStory(event, records)} />
              ))}
            </ol>
          )
        }
      </QueryView>
    </Panel>
  )
}

function Story({
  connectionId,
  event: { sequence },
  story,
}: {
  readonly connectionId: string
  readonly event: ToldEvent
  readonly story: HoldStory | null
}) {
  if (story === null) return null
  const [name, tone] = story.type === 'held' ? (['Held', 'warn'] as const) : decisions[story.decision]
  return (
    <li className={styles.story}>
      <span className="muted small">
        <Time at={story.at} />
      </span>
      <Badge tone={tone}>{name}</Badge>
      <span>
        {sayStory(story)}
        {story.type === 'decided' && story.by !== null && (
          <>
            {' '}
            By {story.by.name}
            {story.by.reason === null ? '.' : `: “${story.by.reason}”`}
          </>
        )}
      </span>
      <Link
        to="/connections/$connectionId/changes"
        params={{ connectionId }}
        search={{ name: 'sync.', event: sequence }}
        className="small"
      >
        Event {formatCount(sequence)}
      </Link>
    </li>
  )
}

function sayStory(story: HoldStory): string {
  if (story.type === 'held') {
    return `${countOf(story.removals, 'removal')}, ${formatShare(story.share)} of ${formatCount(story.of)}.`
  }
  if (story.decision === 'restored') return 'Bitbucket shows it all again.'
  return `${formatCount(story.removed)} removed, ${formatCount(story.kept)} kept.`
}
