import { useQuery } from '@tanstack/react-query'
import { notReadQuery } from '../../api/insight.ts'
import type { Sync } from '../../api/queries.ts'
import { isOver, notReadBy } from '../../api/sync-words.ts'
import { NotReadList } from '../../shell/not-read-list.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { countOf, formatCount } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { evidenceQuery } from './evidence.ts'

/** What the sync could not read, and why: of one that is over as its evidence has it, else as it is now. */
export function SyncNotRead({ sync }: { readonly sync: Sync }) {
  const count = notReadBy(sync)
  if (sync.coverage === null || count === 0) return null
  const { stale, unobservable, notIncluded = 0 } = sync.coverage
  return (
    <Panel title={`${countOf(count, 'scope')} could not be read; nothing was removed there`}>
      <div className="stack">
        <p className="muted">
          {formatCount(stale)} stale: time may heal it. {formatCount(unobservable - notIncluded)} not observable:
          Bitbucket does not show it.
        </p>
        <Which sync={sync} />
      </div>
    </Panel>
  )
}

function Which({ sync }: { readonly sync: Sync }) {
  if (!useMay('access:read')) return <p className="muted">Which ones they are is told to those who may read access.</p>
  return isOver(sync) ? <AsItWas sync={sync} /> : <AsItIs sync={sync} />
}

function AsItIs({ sync: { connectionId } }: { readonly sync: Sync }) {
  const query = useQuery(notReadQuery(connectionId))
  return (
    <QueryView query={query}>{(notRead) => <NotReadList connectionId={connectionId} {...tried(notRead)} />}</QueryView>
  )
}

function AsItWas({ sync: { connectionId, id } }: { readonly sync: Sync }) {
  const query = useQuery(evidenceQuery(connectionId, id))
  return (
    <QueryView query={query}>
      {({ evidence: { notRead } }) => {
        const { scopes, more } = tried(notRead)
        // A preview keeps nothing, and what it met is no news.
        if (scopes.length === 0) return <p className="muted">Which ones they were is not kept.</p>
        return <NotReadList connectionId={connectionId} scopes={scopes} more={more} />
      }}
    </QueryView>
  )
}

/** Without what the settings leave out. */
function tried<Scope extends { readonly reason: string }>(notRead: {
  readonly scopes: readonly Scope[]
  readonly more: number
}) {
  return { ...notRead, scopes: notRead.scopes.filter(({ reason }) => reason !== 'not-included') }
}
