import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { Panel } from '../../ui/panel.tsx'
import { formatCount } from '../../ui/time.tsx'
import styles from './access.module.css'
import { AccessLink, SearchBox } from './parts.tsx'
import { countsAsOfQuery } from './queries.ts'
import { questionsAt } from './questions.ts'
import { SearchResults } from './search-results.tsx'
import { useAccess } from './use-access.ts'

/** The first screen: search for anybody and anything, or take a question that is asked often. */
export function Start() {
  const { search } = useAccess()
  return (
    <>
      <Panel title="Search">
        <div className="stack">
          <SearchBox label="Search people, groups, projects and repositories" />
          {search.q !== undefined && <SearchResults text={search.q} />}
        </div>
      </Panel>
      {search.q === undefined && <Questions />}
    </>
  )
}

function Questions() {
  const { connectionId, search } = useAccess()
  const { data: counts } = useQuery(countsAsOfQuery(connectionId, search.asOf))
  // As of when this was opened: the addresses are to stay the same while one looks at them.
  const [groups] = useState(() => questionsAt(Date.now()))
  return groups.map(({ title, questions }) => (
    <Panel key={title} title={title}>
      <ul className={styles.questions}>
        {questions.map((question) => (
          <li key={question.title} className={styles.question}>
            <AccessLink search={question.search} className={styles.rowLink}>
              {question.title}
            </AccessLink>
            {question.count !== undefined && (
              <span className={classes('numeric', 'muted')}>{counts && formatCount(counts[question.count])}</span>
            )}
            <p className="muted small">{question.text}</p>
          </li>
        ))}
      </ul>
    </Panel>
  ))
}
