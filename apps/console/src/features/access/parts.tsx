import { isPrivileged } from '@clarity/shared/access/levels'
import { Link } from '@tanstack/react-router'
import { ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../../ui/classes.ts'
import { SearchField, Select } from '../../ui/field.tsx'
import { Ago, Time } from '../../ui/time.tsx'
import styles from './access.module.css'
import type { AccessSearch } from './access-search.ts'
import { chosenOf, type Filter, toChoice } from './filters.ts'
import { carried, useAccess, useDraft } from './use-access.ts'

/** Leads to another place in the explorer, at the time that is looked at. */
export function AccessLink({
  search,
  children,
  className,
  isCurrent,
}: {
  readonly search: AccessSearch
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly isCurrent?: boolean
}) {
  const { connectionId, search: here } = useAccess()
  const current = { 'aria-current': isCurrent === true ? ('true' as const) : undefined }
  return (
    <Link
      to="/connections/$connectionId/access"
      params={{ connectionId }}
      search={carried(here, search)}
      // Whether it is where one is, is known better here; a part of the address says nothing.
      activeOptions={{ exact: true }}
      activeProps={current}
      inactiveProps={current}
      {...(className !== undefined && { className })}
    >
      {children}
    </Link>
  )
}

/** The link of a row of a table; it is as large as the row. */
export function RowLink({ search, children }: { readonly search: AccessSearch; readonly children: ReactNode }) {
  return (
    <AccessLink search={search} className={styles.rowLink}>
      {children}
    </AccessLink>
  )
}

/** A level; one that administers has a sign of its own. */
export function Level({ level }: { readonly level: string }) {
  return isPrivileged(level) ? <Privileged>{level}</Privileged> : <span className={styles.level}>{level}</span>
}

/** What lets somebody administer something. */
export function Privileged({ children }: { readonly children: ReactNode }) {
  return (
    <span className={classes(styles.level, styles.privileged)}>
      <ShieldAlert aria-hidden="true" size={14} />
      {children}
    </span>
  )
}

/** When it was read, where that is known. */
export function ReadAgo({ at }: { readonly at: string | null | undefined }) {
  if (at === undefined) return <span className="muted small">as of then</span>
  if (at === null) return <span className="muted small">not read yet</span>
  return (
    <span className="muted small">
      read <Ago at={at} />
    </span>
  )
}

/** Since when, or that it was so before anything that is known. */
export function Since({ at }: { readonly at: string | null }) {
  return at === null ? <span className="muted">before what is known</span> : <Time at={at} />
}

/** The fields that narrow a list: what to search for, and what to choose from. */
export function Filters({
  filters,
  searchLabel,
}: {
  readonly filters: readonly Filter[]
  /** What is searched in; without it nothing is. */
  readonly searchLabel?: string
}) {
  const { search, change } = useAccess()
  return (
    <search className={styles.filters}>
      {searchLabel !== undefined && <SearchBox label={searchLabel} />}
      {filters.map((filter) => (
        <Select
          key={filter.name}
          label={filter.label}
          value={chosenOf(search, filter)}
          onChange={(value) => void change({ [filter.name]: toChoice(value) })}
          options={[['', filter.none] as const, ...filter.options].map(([value, label]) => ({ value, label }))}
        />
      ))}
    </search>
  )
}

/** Searches as one types. */
export function SearchBox({ label }: { readonly label: string }) {
  const { search, change } = useAccess()
  const [draft, setDraft] = useDraft(search.q ?? '', (q) => void change({ q: q.trim() === '' ? undefined : q }))
  return (
    <div className={styles.search}>
      <SearchField label={label} placeholder={label} value={draft} onChange={setDraft} />
    </div>
  )
}

/** Ways to look at the same thing. */
export function Parts({ parts }: { readonly parts: readonly (readonly [part: AccessSearch['part'], name: string])[] }) {
  const { search } = useAccess()
  const { page, person, resource, entitlement } = search
  const [first] = parts
  const place = { page, person, resource, entitlement }
  return (
    <nav aria-label="What of it" className={styles.parts}>
      {parts.map(([part, name]) => (
        <AccessLink
          key={name}
          search={Object.fromEntries(Object.entries({ ...place, part }).filter(([, value]) => value !== undefined))}
          isCurrent={(search.part ?? first?.[0]) === part}
        >
          {name}
        </AccessLink>
      ))}
    </nav>
  )
}
