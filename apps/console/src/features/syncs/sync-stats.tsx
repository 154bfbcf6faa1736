import { Link } from '@tanstack/react-router'
import type { Sync } from '../../api/queries.ts'
import { changesOf, entityNames, isOver, sayChanges } from '../../api/sync-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { countOf, formatCount } from '../../ui/time.tsx'
import styles from './sync-stats.module.css'

const kinds = ['serviceUsers', 'entitlements', 'grants', 'nestings'] as const

/** What was found and what is told of it, kind by kind, as it comes; of a preview, what would be. */
export function SyncStats({ sync }: { readonly sync: Sync }) {
  const isPreview = sync.kind === 'preview'
  const title = isPreview ? 'What would change' : isOver(sync) ? 'What it found' : 'Found so far'
  return (
    <Panel
      title={title}
      flush
      actions={
        isPreview ? undefined : (
          <Link
            to="/connections/$connectionId/changes"
            params={{ connectionId: sync.connectionId }}
            search={{ sync: sync.id, first: true }}
            className="small"
          >
            Open the change feed
          </Link>
        )
      }
    >
      <p className={styles.sentence}>
        {isPreview ? 'Would be told: ' : 'Changes told: '}
        <strong>{sayChanges(changesOf(sync), formatCount)}</strong>.
        {sync.held > 0 && (
          <>
            {' '}
            <Link to="/connections/$connectionId/removals" params={{ connectionId: sync.connectionId }}>
              {countOf(sync.held, 'removal')} held
            </Link>
            : they wait for a decision.
          </>
        )}
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Read</th>
            <th scope="col">{isPreview ? 'Would be new' : 'New'}</th>
            <th scope="col">{isPreview ? 'Would change' : 'Changed'}</th>
            <th scope="col">{isPreview ? 'Would go' : 'Gone'}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => {
            const counts = sync.stats[kind]
            if (counts === undefined) return null
            const { scanned, added, changed, removed } = counts
            return (
              <tr key={kind}>
                <th scope="row">{entityNames[kind]}</th>
                <td>{scanned === 0 && (isPreview || !isOver(sync)) ? '–' : formatCount(scanned)}</td>
                <td>{formatCount(added)}</td>
                <td>{formatCount(changed)}</td>
                <td>{formatCount(removed)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
