import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { syncQuery } from '../../api/insight.ts'
import type { Sync } from '../../api/queries.ts'
import { isOver } from '../../api/sync-words.ts'
import { CheckResource } from '../../shell/check-resource.tsx'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'

/** What can be done while a sync goes on: read one repository first, and cancel it. */
export function SyncActions({ sync }: { readonly sync: Sync }) {
  const [open, setOpen] = useState<'cancel' | 'check' | null>(null)
  const may = useMay('syncs:write')
  const mayFind = useMay('access:read')
  const queryClient = useQueryClient()
  const { connectionId, id: syncId } = sync
  const cancel = useMutation({
    mutationFn: () =>
      answered(
        client.POST('/v1/connections/{id}/syncs/{syncId}/cancel', { params: { path: { id: connectionId, syncId } } }),
      ),
    onSuccess: (cancelled) => queryClient.setQueryData(syncQuery(connectionId, syncId).queryKey, cancelled),
  })
  if (isOver(sync) || !may) return null
  const close = () => setOpen(null)
  const isCancelling = cancel.isPending || cancel.isSuccess
  return (
    <div className="row">
      {cancel.error && <ErrorState problem={toApiProblem(cancel.error)} />}
      {mayFind && (
        <Button size="small" onPress={() => setOpen('check')}>
          Read one repository first
        </Button>
      )}
      <Button size="small" look="danger" isDisabled={isCancelling} onPress={() => setOpen('cancel')}>
        {isCancelling ? 'Cancelling' : 'Cancel the sync'}
      </Button>
      <CheckResource connectionId={connectionId} isOpen={open === 'check'} onClose={close} />
      <Dialog title="Cancel this sync?" isOpen={open === 'cancel'} onClose={close}>
        <p>
          It ends before its next scope. What it has told stays, and nothing is taken for gone. What it has not read
          stays as last known, and the next sync reads it.
        </p>
        <Actions>
          <Button onPress={close}>Let it go on</Button>
          <Button
            look="danger"
            onPress={() => {
              close()
              cancel.mutate()
            }}
          >
            Cancel the sync
          </Button>
        </Actions>
      </Dialog>
    </div>
  )
}
