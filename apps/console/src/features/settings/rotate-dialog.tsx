import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answeredWith, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import {
  type CredentialDraft,
  type CredentialErrors,
  credentialsMax,
  errorsOf,
  readCredentials,
} from './credential-draft.ts'
import { CredentialFields } from './credential-fields.tsx'
import type { Settings } from './settings-queries.ts'

/** Puts other credentials in the place of all present ones; a new secret of the same consumer is one of those. */
export function RotateDialog({
  connectionId,
  present,
  onClose,
  onReplaced,
}: {
  readonly connectionId: string
  readonly present: Settings['connectApp']['credentials']
  readonly onClose: () => void
  readonly onReplaced: () => void
}) {
  const queryClient = useQueryClient()
  const [drafts, setDrafts] = useState<readonly CredentialDraft[]>(() =>
    present.map(({ kind, key }, id) => ({ id, kind, key, secret: '' })),
  )
  const [mistakes, setMistakes] = useState<CredentialErrors>({})
  const replace = useMutation({
    mutationFn: (body: NonNullable<ReturnType<typeof readCredentials>['credentials']>) =>
      answeredWith(client.PUT('/v1/connections/{id}/credentials', { params: { path: { id: connectionId } }, body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['connections'] })
      onReplaced()
    },
    onError: (error) => setMistakes(errorsOf(toApiProblem(error))),
  })
  const edit = (to: readonly CredentialDraft[]) => {
    setMistakes({})
    replace.reset()
    setDrafts(to)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const { credentials, errors } = readCredentials(drafts)
    setMistakes(errors)
    if (credentials !== null && !replace.isPending) replace.mutate(credentials)
  }
  const nextId = Math.max(0, ...drafts.map(({ id }) => id)) + 1
  const add = (kind: CredentialDraft['kind']) => edit([...drafts, { id: nextId, kind, key: '', secret: '' }])
  return (
    <Dialog title="Rotate credentials" isOpen onClose={onClose}>
      <form onSubmit={onSubmit} className="stack" noValidate>
        <p className="muted">
          These take the place of all present ones once Bitbucket has accepted them; until then the present ones are
          used. Make the new secret in Bitbucket first, and revoke the old one when this is done. What you enter is
          never shown again.
        </p>
        {replace.error && <ErrorState problem={toApiProblem(replace.error)} />}
        {drafts.map((draft, row) => (
          <CredentialFields
            key={draft.id}
            draft={draft}
            row={row}
            errors={mistakes}
            isDisabled={replace.isPending}
            onChange={(changed) => edit(drafts.map((other) => (other.id === changed.id ? changed : other)))}
            {...(row > 0 && { onRemove: () => edit(drafts.filter(({ id }) => id !== draft.id)) })}
          />
        ))}
        {drafts.length < credentialsMax && (
          <div className="row">
            <Button look="quiet" size="small" onPress={() => add('oauth-consumer')}>
              Add a consumer
            </Button>
            <Button look="quiet" size="small" onPress={() => add('api-token')}>
              Add an administrator’s API token
            </Button>
          </div>
        )}
        <Actions>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isPending={replace.isPending}>
            {replace.isPending ? 'Asking Bitbucket…' : 'Check and replace'}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
