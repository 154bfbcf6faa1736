import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { connectionsQuery } from '../../api/queries.ts'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { EmptyState, Skeleton } from '../../ui/state.tsx'
import { countOf } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { type Application, searchApplications } from './capabilities.ts'
import styles from './marketplace.module.css'

/** The applications that can be connected. */
export function MarketplacePage() {
  const [search, setSearch] = useState('')
  const found = searchApplications(search)
  return (
    <>
      <PageHeader title="Marketplace" description="Applications that can be connected." />
      <div className="stack">
        <div className="row">
          <SearchField
            label="Search the marketplace"
            placeholder="Search by name or category"
            value={search}
            onChange={setSearch}
          />
        </div>
        <p role="status" className="visually-hidden">
          {countOf(found.length, 'application')}
        </p>
        {found.length === 0 ? (
          <EmptyState title={`No application fits '${search.trim()}'`}>Ask us for it.</EmptyState>
        ) : (
          <ul className={styles.cards}>
            {found.map((application) => (
              <li key={application.id}>
                <Card application={application} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

function Card({ application }: { readonly application: Application }) {
  const { name, vendor, category, summary, reads, never } = application
  const mayConnect = useMay('connections:write')
  return (
    <article className={styles.card} aria-label={name}>
      <header className="spread">
        <div>
          <h2>
            <Link to="/marketplace/bitbucket-cloud">{name}</Link>
          </h2>
          <p className="muted small">{vendor}</p>
        </div>
        <Badge tone="neutral">{category}</Badge>
      </header>
      <p>{summary}</p>
      <dl className={styles.facts}>
        <dt>Reads</dt>
        <dd>{reads}</dd>
        <dt>Never reads</dt>
        <dd>{never}</dd>
        <dt>Takes</dt>
        <dd>About 5 minutes</dd>
      </dl>
      <Connected />
      <div className="row">
        {mayConnect && (
          <Link to="/connect" className={buttonClass('primary')}>
            Connect
          </Link>
        )}
        <Link to="/marketplace/bitbucket-cloud" className={buttonClass('secondary')}>
          What it can do
        </Link>
      </div>
    </article>
  )
}

/** Whether it is connected already. It says nothing to whoever may not know. */
function Connected() {
  const { data, isPending } = useQuery(connectionsQuery)
  if (isPending) return <Skeleton lines={1} label="Looking whether it is connected" />
  if (data === undefined || data.length === 0) return null
  return (
    <p className="small">
      <Badge tone="good">Connected</Badge> {countOf(data.length, 'workspace')}. Another one needs a workspace and an
      identifier of its own.
    </p>
  )
}
