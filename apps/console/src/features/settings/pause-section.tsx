import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, client } from '../../api/client.ts'
import type { Connection } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

/** Pauses and resumes, and says what that means. */
export function PauseSection({
  connection,
  mayChange,
}: {
  readonly connection: Connection
  readonly mayChange: boolean
}) {
  const queryClient = useQueryClient()
  const params = { path: { id: connection.id } }
  const { pausedSince } = connection
  const isPaused = pausedSince !== null
  const change = useMutation({
    mutationFn: () =>
      isPaused
        ? answered(client.POST('/v1/connections/{id}/resume', { params }))
        : answered(client.POST('/v1/connections/{id}/pause', { params })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['connections'] }),
  })
  return (
    <div className="stack">
      <p role="status">
        {isPaused ? (
          <>
            Paused since <Time at={pausedSince} />. Nothing is read; what was published stays as last known. Resumed, it
            is read by its schedule and when somebody asks.
          </>
        ) : (
          'While it is paused nothing is read from Bitbucket: a sync that runs ends with its slice, and none is started. What was published stays as last known and grows old; nothing is revoked.'
        )}
      </p>
      {change.error && <ErrorState problem={toApiProblem(change.error)} />}
      {mayChange && (
        <div>
          <Button isPending={change.isPending} onPress={() => change.mutate()}>
            {isPaused ? 'Resume reading' : 'Pause reading'}
          </Button>
        </div>
      )}
    </div>
  )
}
