import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import type { AuditRecord } from '../../api/insight.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { useTitle } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import styles from './audit-page.module.css'
import { auditQuery } from './audit-query.ts'
import { AuditRecords } from './audit-records.tsx'
import type { AuditSearch } from './audit-search.ts'
import { actions, sayActor } from './audit-words.ts'

const everything = ''

/** Who did what to a connection, in sentences, with what was before and after. */
export function AuditPage() {
  useTitle('Audit')
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/audit' })
  const may = useMay('audit:read')
  return <Panel title="Audit">{may ? <Log connectionId={connectionId} /> : <NoPermission scope="audit:read" />}</Panel>
}

function Log({ connectionId }: { readonly connectionId: string }) {
  const search = useSearch({ from: '/inside/connections/$connectionId/audit' })
  const navigate = useNavigate({ from: '/connections/$connectionId/audit' })
  const query = useInfiniteQuery(auditQuery(connectionId, search))
  const records = query.data?.pages.flatMap(({ items }) => items) ?? []
  const actors = useActors(records, search.actorId)
  const show = (change: { readonly [Field in keyof AuditSearch]: string }) => {
    const merged = { ...search, ...change }
    const { action, actorId } = merged
    void navigate({ search: { ...(action && { action }), ...(actorId && { actorId }) }, replace: true })
  }
  const isFiltered = search.action !== undefined || search.actorId !== undefined
  return (
    <div className="stack">
      <div className={styles.filters}>
        <Select
          label="What"
          value={search.action ?? everything}
          onChange={(action) => show({ action })}
          options={[{ value: everything, label: 'Everything' }, ...actions.map(([value, label]) => ({ value, label }))]}
        />
        <Select
          label="Who"
          value={search.actorId ?? everything}
          onChange={(actorId) => show({ actorId })}
          options={[
            { value: everything, label: 'Everybody' },
            ...[...actors].map(([value, label]) => ({ value, label })),
          ]}
        />
      </div>
      <QueryView
        query={query}
        skeletonLines={8}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="audit:read" /> : undefined)}
      >
        {() =>
          records.length === 0 ? (
            <EmptyState title={isFiltered ? 'Nothing of this kind was done' : 'Nothing was done yet'}>
              {isFiltered && (
                <Button size="small" onPress={() => show({ action: '', actorId: '' })}>
                  Show everything
                </Button>
              )}
            </EmptyState>
          ) : (
            <AuditRecords records={records} onActor={(actorId) => show({ actorId })} />
          )
        }
      </QueryView>
      {query.hasNextPage && (
        <div>
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            Show earlier ones
          </Button>
        </div>
      )}
    </div>
  )
}

/** All who were seen so far, so that a filter does not take away the others to choose from. */
function useActors(records: readonly AuditRecord[], chosen: string | undefined): ReadonlyMap<string, string> {
  const seen = useRef(new Map<string, string>())
  if (chosen !== undefined && !seen.current.has(chosen)) seen.current.set(chosen, chosen)
  for (const { actor } of records) seen.current.set(actor.id, sayActor(actor))
  return seen.current
}
