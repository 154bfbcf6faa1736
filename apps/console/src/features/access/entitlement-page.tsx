import { useQuery } from '@tanstack/react-query'
import { Facts, Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { countOf } from '../../ui/time.tsx'
import styles from './access.module.css'
import { resourceOf, scopeOf } from './access-ids.ts'
import { AccessLink, Level, Parts, Since } from './parts.tsx'
import { entitlementQuery } from './queries.ts'
import { Given, Held } from './resource-page.tsx'
import { useAccess } from './use-access.ts'

/** Something that can be held: by how many, and by whom. */
export function EntitlementPage({ entitlement: id }: { readonly entitlement: string }) {
  const { connectionId, search } = useAccess()
  const query = useQuery(entitlementQuery(connectionId, id, search.asOf))
  const part = search.part ?? 'now'
  return (
    <>
      <QueryView
        query={query}
        onProblem={({ code }) =>
          code === 'no-such-entity' ? (
            <Panel>
              <EmptyState title={`There ${search.asOf === undefined ? 'is' : 'was'} no such entitlement`}>
                <p>It is there only while it is in use. Who held it before is below.</p>
              </EmptyState>
            </Panel>
          ) : undefined
        }
      >
        {({ entitlement: { name, level, resource, riskHint }, holders, since }) => (
          <Panel title={name}>
            <Facts
              items={[
                ['Level', <Level key="level" level={level} />],
                [
                  'On',
                  resource.kind === 'workspace' ? (
                    'the workspace'
                  ) : (
                    <AccessLink key="on" search={{ page: 'resource', resource: resourceOf(id) }}>
                      {resource.name}
                    </AccessLink>
                  ),
                ],
                ['Held directly by', countOf(holders.grants, 'person', 'people')],
                ['Held by', countOf(holders.nestings, 'group')],
                ['Risk', riskHint],
                ['As it is since', <Since key="since" at={since} />],
              ]}
            />
          </Panel>
        )}
      </QueryView>
      <Panel
        title={{ now: 'People who hold it', given: 'Groups that hold it', before: 'Who held it before' }[part]}
        flush
      >
        <div className={styles.lead}>
          <Parts
            parts={[
              ['now', 'People'],
              ['given', 'Groups'],
              ['before', 'Held before'],
            ]}
          />
        </div>
        {part === 'given' ? (
          <Given of={{ entitlementId: id }} nobody="No group holds this." scopes={[scopeOf(resourceOf(id))]} />
        ) : (
          <Held of={{ entitlementId: id }} isPast={part === 'before'} />
        )}
      </Panel>
    </>
  )
}
