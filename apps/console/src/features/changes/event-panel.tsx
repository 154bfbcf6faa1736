import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readFeed } from '../../api/feed.ts'
import type { ToldEvent } from '../../api/queries.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { formatCount, Time } from '../../ui/time.tsx'
import { AccessNow } from './access-now.tsx'
import type { ChangesSearch } from './changes-search.ts'
import { describeEvent } from './describe-event.ts'
import { idsMentioned, subjectsOf } from './entity-names.ts'
import styles from './event-panel.module.css'
import { readEvent } from './read-event.ts'
import { SentenceText, ToneIcon } from './sentence-view.tsx'
import { useNames } from './use-names.ts'

interface PanelProps {
  readonly connectionId: string
  /** Of the event that is open; null: none is. */
  readonly sequence: number | null
  /** The event, where the list has it. */
  readonly listed: ToldEvent | undefined
  readonly onClose: () => void
}

/** One event beside the list, with all that it says. */
export function EventPanel({ connectionId, sequence, listed, onClose }: PanelProps) {
  return (
    <Dialog
      side
      title={sequence === null ? '' : `Event ${formatCount(sequence)}`}
      isOpen={sequence !== null}
      onClose={onClose}
    >
      {sequence !== null &&
        (listed === undefined ? (
          <Fetched connectionId={connectionId} sequence={sequence} />
        ) : (
          <EventDetails connectionId={connectionId} event={listed} />
        ))}
    </Dialog>
  )
}

/** An event that the list does not have, because it was linked to. */
function Fetched({ connectionId, sequence }: { readonly connectionId: string; readonly sequence: number }) {
  const query = useQuery({
    queryKey: ['connections', connectionId, 'event', sequence],
    queryFn: ({ signal }) => readFeed(connectionId, { after: sequence - 1, before: sequence + 1, limit: 1 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <QueryView query={query} skeletonLines={8}>
      {({ items: [event] }) =>
        event === undefined ? (
          <EmptyState title="There is no such event">
            <p>It is not told yet, or is kept no longer.</p>
          </EmptyState>
        ) : (
          <EventDetails connectionId={connectionId} event={event} />
        )
      }
    </QueryView>
  )
}

const causes: Readonly<Record<string, string>> = {
  'full-sync': 'A full sync',
  'incremental-sync': 'An incremental sync',
  'targeted-sync': 'A targeted sync',
  release: 'A held removal was approved',
  'connection-removed': 'The connection was removed',
  operator: 'Somebody asked for it',
}

function EventDetails({ connectionId, event }: { readonly connectionId: string; readonly event: ToldEvent }) {
  const known = readEvent(event)
  const names = useNames(connectionId, known === null ? [] : idsMentioned(known), event.sequence)
  const { text, details, tone } = describeEvent(event, names)
  const {
    ce_dataschema: schema,
    ce_time: seenAt,
    ce_recordedtime: recordedAt,
    ce_correlationid: syncId,
  } = event.headers
  const { person, resource } = known === null ? { person: null, resource: null } : subjectsOf(known)
  const since = known?.data.previouslyObservedAt ?? null
  return (
    <div className="stack">
      <div className={styles.sentence}>
        <ToneIcon tone={tone} />
        <div className="stack-small">
          <p className={styles.text}>
            <SentenceText text={text} />
          </p>
          {details.map((detail, index) => (
            // The details of an event keep their places.
            <p key={`${index}`} className="muted">
              <SentenceText text={detail} />
            </p>
          ))}
        </div>
      </div>
      <Facts
        items={[
          ['Seen in Bitbucket', <Time key="seen" at={seenAt} />],
          ...(since === null ? [] : [['Changed after', <Time key="since" at={since} />] as const]),
          ...(recordedAt === undefined ? [] : [['Decided', <Time key="decided" at={recordedAt} />] as const]),
          ...(known === null ? [] : [['Because of', causes[known.data.cause] ?? known.data.cause] as const]),
          ['Sequence', <span key="sequence">{formatCount(event.sequence)}</span>],
          ['Kind', <code key="kind">{event.name}</code>],
          ['Schema', <code key="schema">{schema}</code>],
          ...(syncId.startsWith('syn_')
            ? [['Sync', <SyncLink key="sync" {...{ connectionId, syncId }} />] as const]
            : []),
        ]}
      />
      <nav aria-label="More changes" className="row">
        {person !== null && <More connectionId={connectionId} search={{ person }} text="All changes of this person" />}
        {resource !== null && (
          <More
            connectionId={connectionId}
            search={{ resource }}
            text={`All changes on this ${resource.split(':', 1).join()}`}
          />
        )}
        {syncId.startsWith('syn_') && (
          <More connectionId={connectionId} search={{ sync: syncId }} text="All changes of this sync" />
        )}
      </nav>
      {person !== null && resource !== null && (
        <AccessNow connectionId={connectionId} serviceUserId={person} resource={resource} names={names} />
      )}
      <Json title="Data, as the value of the Kafka record" value={event.data} isOpen />
      <Json title="Headers of the Kafka record" value={event.headers} />
    </div>
  )
}

function SyncLink({ connectionId, syncId }: { readonly connectionId: string; readonly syncId: string }) {
  return (
    <Link to="/connections/$connectionId/syncs/$syncId" params={{ connectionId, syncId }}>
      Open the sync
    </Link>
  )
}

function More({
  connectionId,
  search,
  text,
}: {
  readonly connectionId: string
  readonly search: ChangesSearch
  readonly text: string
}) {
  return (
    <Link to="/connections/$connectionId/changes" params={{ connectionId }} search={search} className="small">
      {text}
    </Link>
  )
}

function Json({
  title,
  value,
  isOpen = false,
}: {
  readonly title: string
  readonly value: unknown
  readonly isOpen?: boolean
}) {
  return (
    <details open={isOpen} className={styles.json}>
      <summary>{title}</summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  )
}
