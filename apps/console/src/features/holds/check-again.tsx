import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { countsQuery, type Hold, holdQuery, type Sync } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Meter } from '../../ui/meter.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { countOf, formatCount, formatTime } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { requestsToRead } from './look-again.ts'

const pollMs = 1_000
const nothingKnown = { serviceUsers: 0, projects: 0, repositories: 0 }

/** Reads once more what is held, and nothing else; says before what that takes, and afterwards what came of it. */
export function CheckAgain({
  connectionId,
  hold,
  onNothingLeft,
}: {
  readonly connectionId: string
  readonly hold: Hold
  /** Called when after the check nothing is held any more. */
  readonly onNothingLeft: () => void
}) {
  const mayAsk = useMay('syncs:write')
  const queryClient = useQueryClient()
  const { data: counts = nothingKnown } = useQuery(countsQuery(connectionId))
  const [begun, setBegun] = useState<{ readonly syncId: string; readonly held: number } | null>(null)
  const held = hold.wouldRemove.grants + hold.wouldRemove.nestings
  const { scopes, more } = hold.lookAgain
  const path = { id: connectionId }
  const ask = useMutation({
    mutationFn: () =>
      answered(
        client.POST('/v1/connections/{id}/syncs', {
          params: { path },
          body: more > 0 ? { kind: 'full' } : { kind: 'targeted', scopes: [...scopes] },
        }),
      ),
    onSuccess: ({ sync }) => setBegun({ syncId: sync.id, held }),
  })
  const { data: sync } = useQuery({
    queryKey: ['connections', connectionId, 'check-again', begun?.syncId],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/syncs/{syncId}', {
          params: { path: { ...path, syncId: begun?.syncId ?? '' } },
          signal,
        }),
      ),
    enabled: begun !== null,
    refetchInterval: ({ state: { data } }) => (data !== undefined && isOver(data) ? false : pollMs),
  })
  const isDone = sync !== undefined && isOver(sync)
  const finish = useEffectEvent(async () => {
    const after = await queryClient.fetchQuery({ ...holdQuery(connectionId), staleTime: 0 })
    if (after === null) onNothingLeft()
    await queryClient.invalidateQueries({ queryKey: ['connections', connectionId] })
  })
  useEffect(() => {
    // What cannot be read now, the queries themselves show.
    if (isDone) finish().catch(() => undefined)
  }, [isDone])
  if (!mayAsk) return null
  const requests = requestsToRead(scopes, counts)
  const isRunning = begun !== null && !isDone
  return (
    <div className="stack-small">
      <div className="row">
        <Button look="primary" isPending={ask.isPending || isRunning} onPress={() => ask.mutate()}>
          Check these again now
        </Button>
        <span className="muted small">
          {more > 0
            ? 'So many scopes are concerned that it takes a full sync.'
            : `${countOf(scopes.length, 'scope')}: about ${countOf(requests, 'request')} to Bitbucket, at most ${formatCount(2 * requests)} where it is still missing.`}
        </span>
      </div>
      {ask.error && <ErrorState problem={toApiProblem(ask.error)} />}
      <div role="status">
        {begun !== null && sync !== undefined && <Result {...{ connectionId, sync, before: begun.held, held }} />}
      </div>
    </div>
  )
}

function Result({
  connectionId,
  sync,
  before,
  held,
}: {
  readonly connectionId: string
  readonly sync: Sync
  readonly before: number
  readonly held: number
}) {
  const link = (
    <Link to="/connections/$connectionId/syncs/$syncId" params={{ connectionId, syncId: sync.id }}>
      Open the sync
    </Link>
  )
  if (!isOver(sync)) {
    const [done, total] = progressOf(sync)
    const text =
      sync.state === 'requested' ? 'It waits for its turn' : `${formatCount(done)} of ${formatCount(total)} scopes`
    return (
      <div className="stack-small">
        <Meter label="Checking again" value={done} max={total === 0 ? null : total} text={text} />
        <p className="small">{link}</p>
      </div>
    )
  }
  if (sync.state !== 'completed') {
    return (
      <p>
        {sync.error === null
          ? 'The check was cancelled. '
          : `The check failed: ${sync.error.title}. ${sync.error.remedy} `}
        {link}
      </p>
    )
  }
  const back = before - held
  return (
    <p>
      Checked {sync.finishedAt !== null && formatTime(sync.finishedAt)}:{' '}
      {back > 0 ? `${countOf(back, 'removal is', 'removals are')} there again; ` : ''}
      {countOf(held, 'removal is', 'removals are')} still missing. {link}
    </p>
  )
}

function progressOf({ progress: { phases } }: Sync): readonly [done: number, total: number] {
  return [
    phases.reduce((sum, { done }) => sum + done, 0),
    phases.reduce((sum, { total, done }) => sum + (total ?? done), 0),
  ]
}

function isOver({ state }: Pick<Sync, 'state'>): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled'
}
