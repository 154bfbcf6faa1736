import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { freshnessQuery } from '../../api/insight.ts'
import { type Connection, countsQuery } from '../../api/queries.ts'
import { whyOf } from '../../api/status-words.ts'
import { ConnectionStatus } from '../../shell/connection-status.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Ago, formatCount, formatDuration } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import styles from './application-card.module.css'

/** One application: its state and why, when it was last synced, what is in it, and how fresh that is. */
export function ApplicationCard({ connection }: { readonly connection: Connection }) {
  const { id: connectionId, name, workspace, lastCompletedAt } = connection
  const why = whyOf(connection)
  return (
    <Panel>
      <div className={styles.card}>
        <div className={styles.head}>
          <h2>
            <Link to="/connections/$connectionId" params={{ connectionId }}>
              {name}
            </Link>
          </h2>
          <ConnectionStatus connection={connection} />
        </div>
        <p className="muted">
          Bitbucket Cloud · {workspace.name} · {why.means} {why.remedy}
        </p>
        <dl className={styles.facts}>
          <Fact name="Last full or incremental sync">
            {lastCompletedAt === null ? 'None yet' : <Ago at={lastCompletedAt} />}
          </Fact>
          <Counts connectionId={connectionId} />
          <Freshness connectionId={connectionId} />
        </dl>
      </div>
    </Panel>
  )
}

function Counts({ connectionId }: { readonly connectionId: string }) {
  const may = useMay('access:read')
  const { data: counts } = useQuery({ ...countsQuery(connectionId), enabled: may })
  if (!may) return null
  const shown = (count: number | undefined) => (count === undefined ? '–' : formatCount(count))
  return (
    <>
      <Fact name="People">{shown(counts?.serviceUsers)}</Fact>
      <Fact name="Groups">{shown(counts?.groups)}</Fact>
      <Fact name="Repositories">{shown(counts?.repositories)}</Fact>
      <Fact name="Grants">{shown(counts?.grants)}</Fact>
    </>
  )
}

/** Of the permissions of repositories, which are nearly all that there is to read. */
function Freshness({ connectionId }: { readonly connectionId: string }) {
  const may = useMay('access:read')
  const { data } = useQuery({ ...freshnessQuery(connectionId), enabled: may })
  if (!may) return null
  const ages = data?.freshness.repository
  return (
    <Fact name="Age of repository permissions">
      {ages === undefined ? '–' : ages.medianSeconds === null ? 'Not read yet' : sayAge(ages.medianSeconds)}
    </Fact>
  )
}

function sayAge(seconds: number): string {
  return seconds < 60 ? 'under 1 min' : formatDuration(seconds)
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="numeric">{children}</dd>
    </div>
  )
}
