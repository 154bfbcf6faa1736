import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import type { Column } from '../../ui/virtual-table.tsx'
import styles from './access.module.css'
import { kindOf, namelessOf, resourceOf } from './access-ids.ts'
import type { AccessSearch } from './access-search.ts'
import { ListView } from './list-view.tsx'
import { MomentField } from './moment-field.tsx'
import { Level, RowLink } from './parts.tsx'
import { type Difference, differenceList } from './queries.ts'
import { useAccess } from './use-access.ts'

const columns: readonly Column<Difference>[] = [
  {
    key: 'holder',
    title: 'Who',
    width: '2fr',
    cell: (difference) => (
      <RowLink search={placeOf(difference)}>{difference.holderName ?? namelessOf(difference.holder)}</RowLink>
    ),
  },
  {
    key: 'resource',
    title: 'On',
    width: '2fr',
    cell: ({ resource, resourceName }) => `${resourceName ?? namelessOf(resource)}`,
  },
  {
    key: 'change',
    title: 'What changed',
    width: '2fr',
    cell: ({ from, to }) => (
      <span className="row">
        {from === null ? <span className="muted">nothing</span> : <Level level={from.level} />}
        <span>
          <span aria-hidden="true">→</span>
          <span className="visually-hidden">became</span>
        </span>
        {to === null ? <span className="muted">nothing</span> : <Level level={to.level} />}
      </span>
    ),
  },
  {
    key: 'when',
    title: 'When',
    wideOnly: true,
    cell: ({ to, endedAt }) => {
      const at = to?.since ?? endedAt
      return at === null ? <span className="muted">not known</span> : <Time at={at} />
    },
  },
]

function placeOf({ kind, holder, resource }: Difference): AccessSearch {
  if (kind === 'nesting') return { page: 'resource', resource: resourceOf(holder) }
  const isExplained = ['project', 'repository'].includes(kindOf(resource))
  return { page: 'person', person: holder, ...(isExplained && { why: resource }) }
}

/** What was held at one time and not at another. */
export function Differences() {
  const { connectionId, search, change } = useAccess()
  const { from, to } = search
  return (
    <Panel title="What changed between two dates" flush>
      <div className={styles.filters}>
        <MomentField label="From" at={from} onChange={(at) => void change({ from: at })} />
        <MomentField label="To; empty for now" at={to} onChange={(at) => void change({ to: at })} />
        {to !== undefined && <Button onPress={() => void change({ to: undefined })}>Up to now</Button>}
      </div>
      {from === undefined ? (
        <EmptyState title="Choose the earlier date." />
      ) : (
        <ListView
          label="What changed"
          list={differenceList(connectionId, from, to)}
          columns={columns}
          rowKey={({ holder, resource, from: old, to: now }) => `${holder} ${resource} ${old?.level} ${now?.level}`}
          nobody="Nothing is held otherwise than it was."
          hasCsv={false}
        />
      )}
    </Panel>
  )
}
