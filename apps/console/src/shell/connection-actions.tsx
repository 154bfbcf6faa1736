import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answered, client } from '../api/client.ts'
import type { Connection } from '../api/queries.ts'
import { useMay } from '../features/session/session.ts'
import { Button } from '../ui/button.tsx'
import { toApiProblem } from '../ui/query-view.tsx'

/** What is done with a connection most: sync now, pause and resume. */
export function ConnectionActions({ connection }: { readonly connection: Connection }) {
  const [maySync, mayChange] = [useMay('syncs:write'), useMay('connections:write')]
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const path = { id: connection.id }
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['connections'] })
  const sync = useMutation({
    mutationFn: () => answered(client.POST('/v1/connections/{id}/syncs', { params: { path }, body: { kind: 'full' } })),
    onSuccess: async ({ sync: { id: syncId } }) => {
      await refresh()
      await navigate({
        to: '/connections/$connectionId/syncs/$syncId',
        params: { connectionId: connection.id, syncId },
      })
    },
  })
  const isPaused = connection.pausedSince !== null
  const pause = useMutation({
    mutationFn: () =>
      isPaused
        ? answered(client.POST('/v1/connections/{id}/resume', { params: { path } }))
        : answered(client.POST('/v1/connections/{id}/pause', { params: { path } })),
    onSuccess: refresh,
  })
  const error = sync.error ?? pause.error
  return (
    <div className="stack-small">
      <div className="row">
        {mayChange && (
          <Button isPending={pause.isPending} onPress={() => pause.mutate()}>
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
        )}
        {maySync && (
          <Button look="primary" isDisabled={isPaused} isPending={sync.isPending} onPress={() => sync.mutate()}>
            Sync now
          </Button>
        )}
      </div>
      {error && (
        <p role="alert" className="small">
          {toApiProblem(error).message} {toApiProblem(error).remedy}
        </p>
      )}
    </div>
  )
}
