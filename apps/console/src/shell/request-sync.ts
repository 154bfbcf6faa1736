import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answered, client } from '../api/client.ts'
import type { Sync } from '../api/queries.ts'

interface Wanted {
  readonly kind: Sync['kind']
  /** Of a targeted one. */
  readonly scopes?: string[]
}

/** Asks for a sync of a connection and goes to where it is watched. */
export function useRequestSync(connectionId: string) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (body: Wanted) =>
      answered(client.POST('/v1/connections/{id}/syncs', { params: { path: { id: connectionId } }, body })),
    onSuccess: async ({ sync: { id: syncId } }) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['connections'] }),
        navigate({ to: '/connections/$connectionId/syncs/$syncId', params: { connectionId, syncId } }),
      ])
    },
  })
}
