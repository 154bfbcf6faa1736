import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { countsQuery } from '../../api/queries.ts'
import { tellStatus } from '../../shell/status-message.tsx'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { describeWithdrawal } from './removal-guard.ts'
import type { Settings } from './settings-queries.ts'

interface RemoveProps {
  readonly connectionId: string
  readonly settings: Settings
}

/** Removes the connection, for whoever types its name. */
export function RemoveSection({ mayChange, ...props }: RemoveProps & { readonly mayChange: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className="stack">
      <p>
        Everything that it has published is withdrawn, with the reason that the connection was removed; then it is
        forgotten, its secrets at once. Nothing changes in Bitbucket. Its unique identifier can never be used again.
      </p>
      <p className="muted">To stop reading and keep what is known, pause it instead.</p>
      {mayChange && (
        <div>
          <Button look="danger" onPress={() => setIsOpen(true)}>
            Remove this connection
          </Button>
        </div>
      )}
      {isOpen && <RemoveDialog {...props} onClose={() => setIsOpen(false)} />}
    </div>
  )
}

function RemoveDialog({ connectionId, settings, onClose }: RemoveProps & { readonly onClose: () => void }) {
  const { name } = settings.connectApp
  const [typed, setTyped] = useState('')
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { data: counts } = useQuery({ ...countsQuery(connectionId), enabled: useMay('access:read') })
  const remove = useMutation({
    mutationFn: () => answered(client.DELETE('/v1/connections/{id}', { params: { path: { id: connectionId } } })),
    onSuccess: async () => {
      await navigate({ to: '/' })
      queryClient.removeQueries({ queryKey: ['connections', connectionId] })
      await queryClient.invalidateQueries({ queryKey: ['connections'], exact: true })
      tellStatus(`${name} is being removed. Everything that it had published is being withdrawn.`)
    },
  })
  const isTyped = typed.trim() === name
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (isTyped && !remove.isPending) remove.mutate()
  }
  return (
    <Dialog title={`Remove ${name}?`} isOpen onClose={onClose}>
      <form onSubmit={onSubmit} className="stack" noValidate>
        <p>
          <strong>
            {counts ? describeWithdrawal(counts) : 'Every record that it has published will be withdrawn.'}
          </strong>{' '}
          This cannot be undone.
        </p>
        {remove.error && <ErrorState problem={toApiProblem(remove.error)} />}
        <TextField
          label="Type its name"
          description={
            <>
              To be sure that it is the right one: <code>{name}</code>
            </>
          }
          autoComplete="off"
          value={typed}
          onChange={setTyped}
        />
        <Actions>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="danger" type="submit" isDisabled={!isTyped} isPending={remove.isPending}>
            Remove the connection
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
