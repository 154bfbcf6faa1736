import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connectionQuery, type Sync } from '../../api/queries.ts'
import { CheckResource } from '../../shell/check-resource.tsx'
import { useRequestSync } from '../../shell/request-sync.ts'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { Choice } from '../../ui/field.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'

type Kind = Exclude<Sync['kind'], 'targeted'>

const kinds: readonly { readonly value: Kind; readonly label: string; readonly description: string }[] = [
  { value: 'full', label: 'Full', description: 'Reads everything: the surest, and the longest.' },
  {
    value: 'incremental',
    label: 'Incremental',
    description: 'Reads the lists, and then what promises most, as far as the requests of the hour go.',
  },
  { value: 'preview', label: 'Preview', description: 'Reads everything and tells nothing: shows what would change.' },
]

/** Starts a sync of the kind that is chosen, or has one thing read at once. */
export function StartSync({ connectionId }: { readonly connectionId: string }) {
  const [open, setOpen] = useState<'start' | 'check' | null>(null)
  const [kind, setKind] = useState<Kind>('full')
  const [maySync, mayFind] = [useMay('syncs:write'), useMay('access:read')]
  const { data: connection } = useQuery(connectionQuery(connectionId))
  const request = useRequestSync(connectionId)
  if (!maySync) return null
  const isPaused = connection?.pausedSince != null
  const close = () => setOpen(null)
  return (
    <div className="row">
      {isPaused && <span className="muted small">Paused: resume it first.</span>}
      {mayFind && (
        <Button size="small" isDisabled={isPaused} onPress={() => setOpen('check')}>
          Check a resource now
        </Button>
      )}
      <Button size="small" look="primary" isDisabled={isPaused} onPress={() => setOpen('start')}>
        Start a sync
      </Button>
      <CheckResource connectionId={connectionId} isOpen={open === 'check'} onClose={close} />
      <Dialog title="Start a sync" isOpen={open === 'start'} onClose={close}>
        <Choice
          label="Kind"
          value={kind}
          onChange={(value) => setKind(kinds.find((one) => one.value === value)?.value ?? 'full')}
          options={kinds}
        />
        <p className="muted small">
          If one that delivers the same is under way, you are taken to that one; else it waits for its turn.
        </p>
        {request.error && <ErrorState problem={toApiProblem(request.error)} />}
        <Actions>
          <Button onPress={close}>Close</Button>
          <Button look="primary" isPending={request.isPending} onPress={() => request.mutate({ kind })}>
            Start
          </Button>
        </Actions>
      </Dialog>
    </div>
  )
}
