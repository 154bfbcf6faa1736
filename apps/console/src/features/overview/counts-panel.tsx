import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countsQuery } from '../../api/queries.ts'
import { Panel, Stat, Stats } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { formatCount } from '../../ui/time.tsx'
import styles from './counts-panel.module.css'

const shown = [
  ['serviceUsers', 'people'],
  ['outside', 'people from outside'],
  ['groups', 'groups'],
  ['projects', 'projects'],
  ['repositories', 'repositories'],
  ['grants', 'grants'],
  ['privilegedGrants', 'privileged grants'],
  ['nestings', 'permissions of groups'],
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
            {shown.map(([key, label]) => (
              <Link
                key={key}
                to="/connections/$connectionId/access"
                params={{ connectionId }}
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
