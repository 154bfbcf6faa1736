import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { Badge, Notice } from '../../ui/badge.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Time } from '../../ui/time.tsx'
import { AccessGraph } from './access-graph.tsx'
import { kindOf, namelessOf, scopeOf } from './access-ids.ts'
import { unreadableOf } from './emptiness.ts'
import styles from './explain-panel.module.css'
import { AccessLink, Level, ReadAgo, Since } from './parts.tsx'
import { heldSince, ifRemovedSentences, nameOfStep, pathSentence, waysInWords } from './path-words.ts'
import { explainQuery, personQuery } from './queries.ts'
import { useAccess, useCoverage } from './use-access.ts'

/** Why one person can do something on one resource: at the side of the page that one came from. */
export function ExplainPanel() {
  const { search, change } = useAccess()
  const pair = pairOf(search)
  return (
    <Dialog
      side
      title={`Every way to this ${pair === null ? 'place' : kindOf(pair.resource)}`}
      isOpen={pair !== null}
      onClose={() => void change({ why: undefined })}
    >
      {pair && <Explanation {...pair} />}
    </Dialog>
  )
}

interface Pair {
  readonly person: string
  readonly resource: string
}

/** Who and what the address asks why of: one of them is the page, the other is beside it. */
function pairOf({ page, person, resource, why }: ReturnType<typeof useAccess>['search']): Pair | null {
  if (why === undefined) return null
  const pair = page === 'person' ? { person, resource: why } : { person: why, resource }
  if (pair.person === undefined || pair.resource === undefined) return null
  const isExplained = ['project', 'repository'].includes(kindOf(pair.resource)) && kindOf(pair.person) === 'person'
  return isExplained ? { person: pair.person, resource: pair.resource } : null
}

function Explanation({ person, resource }: Pair) {
  const { connectionId, search } = useAccess()
  const query = useQuery(explainQuery(connectionId, person, resource, search.asOf))
  // Whoever has no way there is named by no step.
  const { data: known } = useQuery(personQuery(connectionId, person, search.asOf))
  const { data: coverage } = useCoverage()
  const listId = useId()
  return (
    <QueryView query={query} skeletonLines={10}>
      {(access) => {
        const first = access.paths[0]?.steps[0]
        const personName =
          known?.serviceUser.attributes.displayName ?? (first === undefined ? namelessOf(person) : nameOfStep(first))
        const resourceName = access.on?.name ?? namelessOf(resource)
        const since = heldSince(access)
        const consequences = ifRemovedSentences(access)
        return (
          <div className="stack">
            <p className={styles.who}>
              <AccessLink search={{ page: 'person', person }}>{personName}</AccessLink>{' '}
              {access.level === null ? 'can do nothing by any way on' : 'has'}{' '}
              {access.level !== null && (
                <>
                  <Level level={access.level} /> on
                </>
              )}{' '}
              <AccessLink search={{ page: 'resource', resource }}>{resourceName}</AccessLink>
            </p>
            {access.anyoneMayRead && (
              <Notice tone="info">
                <p>It is public: anyone may read it, without any of this.</p>
              </Notice>
            )}
            {access.paths.length === 0 ? (
              <Nothing
                isUnread={coverage?.state === 'none'}
                isUnreadable={coverage !== undefined && unreadableOf(coverage, [scopeOf(resource)]) !== undefined}
              />
            ) : (
              <>
                <Facts
                  items={[
                    [
                      'At this level since',
                      since === null ? <Since key="since" at={null} /> : <Time key="since" at={since} />,
                    ],
                    ['Ways there', waysInWords(access)],
                    ['How fresh', <ReadAgo key="read" at={access.readAt} />],
                  ]}
                />
                <section className="stack-small">
                  <h3>Every way, drawn</h3>
                  <AccessGraph
                    access={access}
                    label={`How ${personName} comes to ${resourceName}: ${access.paths.length} ways`}
                    describedBy={listId}
                  />
                  <p className="muted small">
                    Thick lines lead to the level that counts. The list says the same in words.
                  </p>
                </section>
                <section className="stack-small">
                  <h3>Every way, in words</h3>
                  <ol id={listId} className={styles.ways}>
                    {access.paths.map((path, index) => (
                      <li key={path.steps.map(({ node }) => node).join(' ')}>
                        <span>{pathSentence(path)}</span>
                        <span className="row">
                          <Level level={path.level} />
                          {access.decidedBy.includes(index) && <Badge tone="info">Decides</Badge>}
                          <span className="muted small">
                            since <Since at={path.since} />
                          </span>
                        </span>
                      </li>
                    ))}
                  </ol>
                </section>
                <section className="stack-small">
                  <h3>If something were taken away</h3>
                  <ul>
                    {consequences.map((sentence) => (
                      <li key={sentence}>{sentence}</li>
                    ))}
                  </ul>
                </section>
              </>
            )}
          </div>
        )
      }}
    </QueryView>
  )
}

function Nothing({ isUnread, isUnreadable }: { readonly isUnread: boolean; readonly isUnreadable: boolean }) {
  if (isUnreadable) return <p>It could not be read of late, so there may be a way that is not known.</p>
  if (isUnread) return <p>Not read yet: no sync has come to its end, so there may be a way that is not known.</p>
  return <p>No grant, no group, no project and no role leads there.</p>
}
