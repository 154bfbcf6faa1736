import type { ReactNode } from 'react'
import { countOf } from '../../ui/time.tsx'
import type { Preflight } from './preflight.ts'
import styles from './preview-tables.module.css'

type Preview = Preflight['preview']

/** So many rows of a kind are shown at most. */
const rowsMax = 20
const unnamed = <span className="muted">name not told</span>

/** The first rows of each kind of fact. */
export function PreviewTables({ preview }: { readonly preview: Preview }) {
  const { serviceUsers, groups, projects, repositories, grants } = preview
  const isEmpty = [serviceUsers, groups, projects, repositories, grants].every(({ length }) => length === 0)
  if (isEmpty) return <p className="muted">Nothing could be read yet.</p>
  return (
    <div className={styles.tables}>
      <Rows
        title="Service users"
        count={serviceUsers.length}
        head={['Name', 'Role']}
        rows={serviceUsers.map(({ id, displayName, role }) => [id, displayName ?? unnamed, role])}
        isOpen
      />
      <Rows
        title="Grants on the first project and repository"
        count={grants.length}
        head={['Who', 'Level', 'On']}
        rows={grants.map(({ holder, level, resource }) => [
          `${holder.id} ${level} ${resource.id}`,
          holder.kind === 'group' ? `Group ${holder.name}` : (holder.displayName ?? unnamed),
          level,
          `${resource.kind} ${resource.name}`,
        ])}
        isOpen
      />
      <Rows
        title="Groups"
        count={groups.length}
        head={['Name', 'Members']}
        isOpen={grants.length === 0}
        rows={groups.map(({ id, name, members }) => [id, name, countOf(members, 'member')])}
      />
      <Rows
        title="Projects"
        count={projects.length}
        head={['Key', 'Name']}
        rows={projects.map(({ id, key, name }) => [id, <code key={id}>{key}</code>, name])}
      />
      <Rows
        title="Repositories"
        count={repositories.length}
        head={['Name', 'Project']}
        rows={repositories.map(({ id, slug, projectKey }) => [id, slug, projectKey ?? ''])}
      />
    </div>
  )
}

function Rows({
  title,
  count,
  head,
  rows,
  isOpen = false,
}: {
  readonly title: string
  readonly count: number
  readonly head: readonly string[]
  /** Each begins with its key. */
  readonly rows: readonly (readonly [key: string, ...cells: ReactNode[]])[]
  readonly isOpen?: boolean
}) {
  if (count === 0) return null
  return (
    <details open={isOpen} className={styles.details}>
      <summary>
        {title} <span className="muted small">{count < rowsMax ? count : `the first ${count}`}</span>
      </summary>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, ...cells]) => (
            <tr key={key}>
              {cells.map((cell, place) => (
                <td key={head[place]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
