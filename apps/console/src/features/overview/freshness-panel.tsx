import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Freshness, freshnessQuery } from '../../api/insight.ts'
import { scopeKindNames } from '../../api/scopes.ts'
import { Select } from '../../ui/field.tsx'
import { Histogram } from '../../ui/histogram.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/time.tsx'
import { sumAges, toBins } from './ages.ts'
import styles from './freshness-panel.module.css'

type Kind = keyof Freshness['freshness']

const kinds: readonly Kind[] = ['repository', 'project', 'members', 'groups', 'projects', 'repositories']

/** How long ago the facts were read: a histogram of their ages, and the figures of each kind. */
export function FreshnessPanel({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(freshnessQuery(connectionId))
  return (
    <Panel title="Freshness">
      <QueryView query={query} skeletonLines={10}>
        {(view) => (
          <div className={styles.halves}>
            <Ages freshness={view.freshness} />
            <Figures view={view} />
          </div>
        )}
      </QueryView>
    </Panel>
  )
}

function Ages({ freshness }: { readonly freshness: Freshness['freshness'] }) {
  const [chosen, choose] = useState<Kind | 'all'>('all')
  const of = chosen === 'all' ? kinds : [chosen]
  const ages = sumAges(of.map((kind) => freshness[kind]))
  const neverRead = of.reduce((sum, kind) => sum + freshness[kind].neverRead, 0)
  return (
    <div className="stack-small">
      <Select
        label="Age of what was read"
        value={chosen}
        onChange={(value) => choose(kinds.find((kind) => kind === value) ?? 'all')}
        options={[
          { value: 'all', label: 'Everything' },
          ...kinds.map((kind) => ({ value: kind, label: scopeKindNames[kind] })),
        ]}
      />
      <Histogram label="How many scopes are how old" bins={toBins(ages, formatCount)} />
      <p className="muted small" aria-hidden="true">
        Scopes that were read within the last 15 minutes, 30 minutes and so on.
      </p>
      {neverRead > 0 && <p className="small">{countOf(neverRead, 'scope')} not read yet.</p>}
    </div>
  )
}

function Figures({ view: { freshness, cadences } }: { readonly view: Freshness }) {
  const everySeconds = (kind: Kind) => {
    const tier = kind === 'repository' ? 'repository-permissions' : kind === 'project' ? 'project-permissions' : kind
    return cadences?.tiers.find((one) => one.tier === tier)?.everySeconds
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Scopes</th>
          <th scope="col">Half are younger than</th>
          <th scope="col">Oldest</th>
          <th
            scope="col"
            className={styles.wideOnly}
            title="By incremental syncs, as far as the requests of the hour go"
          >
            Read again every
          </th>
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => {
          const { count, medianSeconds, oldestSeconds } = freshness[kind]
          return (
            <tr key={kind}>
              <th scope="row">{scopeKindNames[kind]}</th>
              <td>{formatCount(count)}</td>
              <td>{sayAge(medianSeconds)}</td>
              <td>{sayAge(oldestSeconds)}</td>
              <td className={styles.wideOnly}>{sayAge(everySeconds(kind) ?? null)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function sayAge(seconds: number | null): string {
  return seconds === null ? '–' : formatDuration(seconds)
}
