import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countsQuery } from '../../api/queries.ts'
import { Panel, Stat, Stats } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { formatCount } from '../../ui/time.tsx'
import styles from './counts-panel.module.css'

const shown = [
  ['serviceUsers', 'people', { page: 'people' }],
  ['outside', 'people from outside', { page: 'people', membership: 'outside' }],
  ['groups', 'groups', { page: 'groups' }],
  ['projects', 'projects', { page: 'projects' }],
  ['repositories', 'repositories', { page: 'repositories' }],
  ['grants', 'grants', { page: 'grants' }],
  ['privilegedGrants', 'privileged grants', { page: 'grants', privileged: true }],
  ['nestings', 'permissions of groups', { page: 'nestings' }],
] as const

/** What is in the workspace; each figure leads to what it counts. */
export function CountsPanel({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(countsQuery(connectionId))
  return (
    <Panel
      title="Who has access"
      actions={
        <Link to="/connections/$connectionId/changes" params={{ connectionId }} className="small">
          What has changed
        </Link>
      }
    >
      <QueryView query={query} skeletonLines={2}>
        {(counts) => (
          <Stats>
            {shown.map(([key, label, search]) => (
              <Link
                key={key}
                to="/connections/$connectionId/access"
                params={{ connectionId }}
                search={search}
                className={styles.figure}
              >
                <Stat label={label}>{formatCount(counts[key])}</Stat>
              </Link>
            ))}
          </Stats>
        )}
      </QueryView>
    </Panel>
  )
}
