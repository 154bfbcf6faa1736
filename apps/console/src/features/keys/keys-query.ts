import { queryOptions } from '@tanstack/react-query'
import { answered, client, type ItemOf } from '../../api/client.ts'

export type ApiKey = ItemOf<'listApiKeys'>

export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await answered(client.GET('/v1/api-keys', { signal }))).items,
})
