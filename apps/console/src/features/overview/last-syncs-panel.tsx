import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { lastSyncsQuery } from '../../api/insight.ts'
import type { Connection } from '../../api/queries.ts'
import { changesOf, kindNames, sayChanges } from '../../api/sync-words.ts'
import { CheckResource } from '../../shell/check-resource.tsx'
import { SyncResult } from '../../shell/sync-result.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { Ago, formatCount } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import styles from './last-syncs-panel.module.css'

/** The last syncs, and the way to have one resource read at once. */
export function LastSyncsPanel({ connection }: { readonly connection: Connection }) {
  const { id: connectionId, pausedSince } = connection
  const query = useQuery(lastSyncsQuery(connectionId))
  const [isOpen, setOpen] = useState(false)
  const [maySync, mayFind] = [useMay('syncs:write'), useMay('access:read')]
  return (
    <Panel
      title="Last syncs"
      actions={
        maySync &&
        mayFind && (
          <Button size="small" isDisabled={pausedSince !== null} onPress={() => setOpen(true)}>
            Check a resource now
          </Button>
        )
      }
    >
      <QueryView
        query={query}
        skeletonLines={5}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
      >
        {(syncs) =>
          syncs.length === 0 ? (
            <EmptyState title="No sync yet" />
          ) : (
            <ul className={styles.list}>
              {syncs.map((sync) => (
                <li key={sync.id} className={styles.sync}>
                  <Link
                    to="/connections/$connectionId/syncs/$syncId"
                    params={{ connectionId, syncId: sync.id }}
                    className={styles.kind}
                  >
                    {kindNames[sync.kind]}
                  </Link>
                  <SyncResult sync={sync} />
                  <span className="muted small">
                    <Ago at={sync.requestedAt} /> · {sync.kind === 'preview' ? 'would be' : 'changes'}:{' '}
                    {sayChanges(changesOf(sync), formatCount)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <p className={styles.all}>
        <Link to="/connections/$connectionId/syncs" params={{ connectionId }} className="small">
          All syncs
        </Link>
      </p>
      <CheckResource connectionId={connectionId} isOpen={isOpen} onClose={() => setOpen(false)} />
    </Panel>
  )
}
