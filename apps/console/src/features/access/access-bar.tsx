import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Ago, countOf, Time } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import styles from './access.module.css'
import { kindOf } from './access-ids.ts'
import { type AccessSearch, defined } from './access-search.ts'
import { type Unreadable, unreadableInWords } from './emptiness.ts'
import { MomentField } from './moment-field.tsx'
import { AccessLink } from './parts.tsx'
import { useAccess, useCoverage } from './use-access.ts'

const pivots = [
  [undefined, 'Questions'],
  ['people', 'People'],
  ['groups', 'Groups'],
  ['projects', 'Projects'],
  ['repositories', 'Repositories'],
  ['entitlements', 'Entitlements'],
] as const

/** From where one may look, as of when, and how fresh and how whole what one sees is. */
export function AccessBar() {
  const { search, change } = useAccess()
  const { data: coverage } = useCoverage()
  const here = pivotOf(search)
  return (
    <div className="stack-small">
      <div className={styles.bar}>
        <nav aria-label="Look from" className={styles.pivots}>
          {pivots.map(([page, name]) => (
            <AccessLink
              key={name}
              search={defined({ page, q: search.page === undefined ? search.q : undefined })}
              isCurrent={page === here}
            >
              {name}
            </AccessLink>
          ))}
        </nav>
        {search.page !== 'changes' && (
          <div className="row">
            <MomentField
              label="As of"
              at={search.asOf}
              min={coverage?.knownSince ?? null}
              onChange={(asOf) => void change({ asOf }, false)}
            />
            {search.asOf !== undefined && (
              <Button onPress={() => void change({ asOf: undefined }, false)}>Back to now</Button>
            )}
          </div>
        )}
      </div>
      <FreshnessLine />
    </div>
  )
}

function pivotOf({ page, resource }: AccessSearch): (typeof pivots)[number][0] | null {
  switch (page) {
    case undefined:
    case 'people':
    case 'groups':
    case 'projects':
    case 'repositories':
    case 'entitlements':
      return page
    case 'person':
      return 'people'
    case 'entitlement':
      return 'entitlements'
    case 'resource': {
      const kind = kindOf(resource ?? '')
      return kind === 'group' ? 'groups' : kind === 'project' ? 'projects' : 'repositories'
    }
    default:
      return null
  }
}

function FreshnessLine() {
  const { search } = useAccess()
  const { data: coverage } = useCoverage()
  if (coverage === undefined) return <p className={styles.freshness}>Looking how fresh this is</p>
  const { state, observedAt, unobservable } = coverage
  return (
    <div className={styles.freshness}>
      {search.asOf !== undefined && (
        <Badge tone="info">
          As it was known on <Time at={search.asOf} />
        </Badge>
      )}
      {state === 'complete' && <Badge tone="good">Complete</Badge>}
      {state === 'partial' && <Badge tone="warn">Partial</Badge>}
      {state === 'none' && <Badge tone="neutral">Not read yet</Badge>}
      {observedAt === null ? (
        <span>
          {search.asOf === undefined
            ? 'No sync has come to its end yet. What is found is shown as it comes.'
            : 'No sync had come to its end by then.'}
        </span>
      ) : (
        <span>
          Observed <Ago at={observedAt} />, when the last sync ended
        </span>
      )}
      {unobservable.length > 0 && <Unobservable scopes={unobservable} />}
    </div>
  )
}

const namedMax = 20

function Unobservable({ scopes }: { readonly scopes: readonly Unreadable[] }) {
  const now = useNow()
  return (
    <details>
      <summary>{countOf(scopes.length, 'place')} could not be read</summary>
      <ul>
        {scopes.slice(0, namedMax).map((scope) => {
          const resource = /^(project|repository)\//.test(scope.id) ? scope.id.replace('/', ':') : null
          return (
            <li key={scope.id}>
              {resource === null ? (
                scope.id
              ) : (
                <AccessLink search={{ page: 'resource', resource }}>{scope.id}</AccessLink>
              )}
              : {unreadableInWords(scope, now)}. What was known before stays.
            </li>
          )
        })}
      </ul>
      {scopes.length > namedMax && <p>And {countOf(scopes.length - namedMax, 'more', 'more')}.</p>}
    </details>
  )
}
