import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Answer, answered, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Select, TextField } from '../../ui/field.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { sessionQuery } from '../session/session.ts'
import { type KeyDraft, type KeyErrors, keyErrorsOf, keyScopes, lifetimes, readKey, scopeTexts } from './key-form.ts'
import styles from './keys.module.css'
import { keysQuery } from './keys-query.ts'

/** Makes a key, and shows it this once. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<Answer<'createApiKey'> | null>(null)
  return (
    <Dialog title={created === null ? 'Make a key' : 'Copy the key now'} isOpen onClose={onClose}>
      {created === null ? (
        <KeyForm onClose={onClose} onCreated={setCreated} />
      ) : (
        <Shown created={created} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Shown({ created, onClose }: { readonly created: Answer<'createApiKey'>; readonly onClose: () => void }) {
  return (
    <>
      <p>
        <strong>{created.name}</strong> is made. The key is shown this once: keep it where only its holder reads it.
        Whoever loses it makes a new one.
      </p>
      <CopyField label="Key" value={created.key} />
      <Actions>
        <Button look="primary" onPress={onClose}>
          I have kept it
        </Button>
      </Actions>
    </>
  )
}

function KeyForm({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: (created: Answer<'createApiKey'>) => void
}) {
  const queryClient = useQueryClient()
  const { data: session } = useQuery(sessionQuery)
  const [draft, setDraft] = useState<KeyDraft>({
    name: '',
    scopes: ['connections:read', 'access:read'],
    lifetime: '90',
  })
  const [mistakes, setMistakes] = useState<KeyErrors>({})
  const create = useMutation({
    mutationFn: (body: NonNullable<ReturnType<typeof readKey>['body']>) =>
      answered(client.POST('/v1/api-keys', { body })),
    onSuccess: async (created) => {
      onCreated(created)
      await queryClient.invalidateQueries({ queryKey: keysQuery.queryKey })
    },
    onError: (error) => setMistakes(keyErrorsOf(toApiProblem(error).fields)),
  })
  const edit = (part: Partial<KeyDraft>) => {
    setMistakes({})
    create.reset()
    setDraft({ ...draft, ...part })
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const { body, errors } = readKey(draft, Date.now())
    setMistakes(errors)
    if (body !== null && !create.isPending) create.mutate(body)
  }
  const isAtField = Object.keys(mistakes).length > 0
  return (
    <form onSubmit={onSubmit} className="stack" noValidate>
      {create.error && !isAtField && <ErrorState problem={toApiProblem(create.error)} />}
      <TextField
        label="Name"
        description="What it is for; it stands in the audit log."
        value={draft.name}
        onChange={(name) => edit({ name })}
        error={mistakes.name}
        autoComplete="off"
      />
      <fieldset className={styles.choices}>
        <legend>Permissions</legend>
        {keyScopes.map((scope) => {
          const mayGive = session?.scopes.includes(scope) ?? false
          return (
            <Checkbox
              key={scope}
              isSelected={draft.scopes.includes(scope) && mayGive}
              isDisabled={!mayGive}
              onChange={(isSelected) =>
                edit({
                  scopes: keyScopes.filter((other) => (other === scope ? isSelected : draft.scopes.includes(other))),
                })
              }
            >
              {scopeTexts[scope]} <code className="muted">{scope}</code>
              {!mayGive && <span className="muted small"> You do not have it yourself.</span>}
            </Checkbox>
          )
        })}
        {mistakes.scopes !== undefined && (
          <p role="alert" className={styles.error}>
            {mistakes.scopes}
          </p>
        )}
      </fieldset>
      <Select
        label="Expires"
        value={draft.lifetime}
        onChange={(value) =>
          edit({ lifetime: lifetimes.find(([lifetime]) => lifetime === value)?.[0] ?? draft.lifetime })
        }
        options={lifetimes.map(([value, label]) => ({ value, label }))}
        error={mistakes.expiresAt}
      />
      <Actions>
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" type="submit" isPending={create.isPending}>
          Make the key
        </Button>
      </Actions>
    </form>
  )
}
