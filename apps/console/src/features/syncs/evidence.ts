import { queryOptions } from '@tanstack/react-query'
import { answeredJson, answeredWith, client } from '../../api/client.ts'

const types = { json: 'application/json', csv: 'text/csv' } as const
export type EvidenceFormat = keyof typeof types

/** What a sync that is over has left behind for those who ask later. */
export const evidenceQuery = (connectionId: string, syncId: string) =>
  queryOptions({
    queryKey: ['evidence', connectionId, syncId],
    queryFn: ({ signal }) =>
      answeredJson(
        client.GET('/v1/connections/{id}/syncs/{syncId}/evidence', {
          params: { path: { id: connectionId, syncId } },
          headers: { accept: types.json },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Saves the signed evidence of a sync as a file. @throws ApiProblem */
export async function downloadEvidence(connectionId: string, syncId: string, format: EvidenceFormat): Promise<void> {
  const { data } = await answeredWith(
    client.GET('/v1/connections/{id}/syncs/{syncId}/evidence', {
      params: { path: { id: connectionId, syncId } },
      headers: { accept: types[format] },
      parseAs: 'blob',
    }),
  )
  if (data === undefined) return
  const url = URL.createObjectURL(data)
  const link = document.createElement('a')
  link.href = url
  link.download = `evidence-${syncId}.${format}`
  link.click()
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
