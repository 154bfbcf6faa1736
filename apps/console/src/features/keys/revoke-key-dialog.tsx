import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answeredWith, client } from '../../api/client.ts'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { Ago } from '../../ui/time.tsx'
import { sessionQuery } from '../session/session.ts'
import { type ApiKey, keysQuery } from './keys-query.ts'

/** Revokes a key, once somebody has said that it is meant. */
export function RevokeKeyDialog({
  apiKey: { id, name, lastUsedAt },
  onClose,
  onRevoked,
}: {
  readonly apiKey: ApiKey
  readonly onClose: () => void
  readonly onRevoked: () => void
}) {
  const queryClient = useQueryClient()
  const { data: session } = useQuery(sessionQuery)
  const revoke = useMutation({
    mutationFn: () => answeredWith(client.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId: id } } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keysQuery.queryKey })
      onRevoked()
    },
  })
  return (
    <Dialog title={`Revoke ${name}?`} isOpen onClose={onClose}>
      <p>
        Whoever uses it is refused at once, and it cannot be brought back.{' '}
        {lastUsedAt === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <Ago at={lastUsedAt} />.
          </>
        )}
      </p>
      {session?.caller.id === id && (
        <Notice tone="warn">
          <p>It is the key that you are signed in by: you will be signed out.</p>
        </Notice>
      )}
      {revoke.error && <ErrorState problem={toApiProblem(revoke.error)} />}
      <Actions>
        <Button onPress={onClose}>Keep it</Button>
        <Button look="danger" isPending={revoke.isPending} onPress={() => revoke.mutate()}>
          Revoke the key
        </Button>
      </Actions>
    </Dialog>
  )
}
