import { queryOptions } from '@tanstack/react-query'
import { type Answer, answered, answeredWith, client } from '../../api/client.ts'
import { ApiProblem, toProblem } from '../../api/problem.ts'

/** The settings as somebody has read them; a change by this reader says the tag, so that nobody else's is undone. */
export type TaggedSettings = Awaited<ReturnType<typeof readSettings>>
export type Settings = TaggedSettings['settings']

async function readSettings(id: string, signal: AbortSignal) {
  const { data, response } = await answeredWith(
    client.GET('/v1/connections/{id}/settings', { params: { path: { id } }, signal }),
  )
  if (data === undefined) throw toProblem(response, undefined)
  return { settings: data, etag: etagOf(response) }
}

export const settingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'settings'],
    queryFn: ({ signal }) => readSettings(id, signal),
  })

export function etagOf(response: Response): string {
  return response.headers.get('etag') ?? '*'
}

export const freshnessQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'freshness'],
    queryFn: ({ signal }) =>
      answered(client.GET('/v1/connections/{id}/freshness', { params: { path: { id } }, signal })),
  })

export type Webhook = Answer<'getWebhook'>

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'webhook'],
    /** null: there is none. */
    queryFn: async ({ signal }): Promise<Webhook | null> => {
      try {
        return await answered(client.GET('/v1/connections/{id}/webhook', { params: { path: { id } }, signal }))
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'no-webhook') return null
        throw error
      }
    },
  })
