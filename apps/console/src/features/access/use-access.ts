import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type AccessSearch, changedSearch } from './access-search.ts'
import { coverageAsOfQuery } from './queries.ts'

const from = '/inside/connections/$connectionId/access'
const typingMs = 250

/** Where one is: which connection, and what the address says. */
export function useAccess() {
  const { connectionId } = useParams({ from })
  const search = useSearch({ from })
  const navigate = useNavigate({ from: '/connections/$connectionId/access' })
  /** Goes on to what the address would say with these parts changed; `replace`: as if one had been there already. */
  const change = (changes: Parameters<typeof changedSearch>[1], replace = true) =>
    navigate({ search: changedSearch(search, changes), replace, resetScroll: false })
  return { connectionId, search, change }
}

/** What is not covered at the time that is looked at. */
export function useCoverage() {
  const { connectionId, search } = useAccess()
  return useQuery(coverageAsOfQuery(connectionId, search.asOf))
}

/** Keeps the time that is looked at on the way to another place. */
export function carried(search: AccessSearch, to: AccessSearch): AccessSearch {
  return changedSearch(search.asOf === undefined ? {} : { asOf: search.asOf }, to)
}

/**
 * What is being typed, before it counts: it is handed on once nobody has typed for a moment. What comes from elsewhere meanwhile
 * takes its place.
 */
export function useDraft(value: string, onSettled: (draft: string) => void, waitMs = typingMs) {
  const [draft, setDraft] = useState(value)
  const [known, setKnown] = useState(value)
  const settled = useRef(value)
  const latest = useRef(onSettled)
  latest.current = onSettled
  if (value !== known) {
    setKnown(value)
    // That it has arrived is no reason to take back what was typed since.
    if (value !== settled.current) setDraft(value)
  }
  useEffect(() => {
    if (draft === value) return
    const timer = setTimeout(() => {
      settled.current = draft
      latest.current(draft)
    }, waitMs)
    return () => clearTimeout(timer)
  }, [draft, value, waitMs])
  return [draft, setDraft] as const
}
