import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { partsOf } from '../../api/address-list.ts'
import { type Answer, answered, client } from '../../api/client.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { toApiProblem } from '../../ui/query-view.tsx'
import { noSecrets } from './draft.ts'
import { type FieldName, type ToldMistake, toFieldName } from './fields.ts'
import { createSaveKeys } from './save-key.ts'
import { useWizard, validForMs } from './wizard.ts'

interface Saved {
  readonly connectionId: string
  readonly syncId: string
}

export interface Save {
  readonly run: (isPartial: boolean) => void
  readonly isPending: boolean
  readonly problem: ApiProblem | null
  /** The connection is there, but its candidate addresses could not be sent. */
  readonly left: ApiProblem | null
  readonly sendAddresses: () => void
  /** To the first sync, whatever became of the addresses. */
  readonly leave: () => void
}

/**
 * Saves what the wizard describes: validates it again where that is long ago, makes the connection with one `Idempotency-Key` for
 * the same content, sends the candidate addresses, and goes to the first sync.
 */
export function useSave(): Save {
  const { described, validation, addresses, draft, changeSecrets, tellMistakes, forget, startOver } = useWizard()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [keyOf] = useState(() => createSaveKeys(() => crypto.randomUUID()))
  const [saved, setSaved] = useState<Saved | null>(null)
  // Between a press and the next paint another one may come.
  const isRunning = useRef(false)

  const leave = async ({ connectionId, syncId }: Saved) => {
    await queryClient.invalidateQueries({ queryKey: ['connections'] })
    const params = { connectionId, syncId }
    await navigate({ to: '/connections/$connectionId/syncs/$syncId', params, replace: true })
    startOver()
  }
  const addressSending = useMutation({
    mutationFn: async (to: Saved) => {
      const params = { path: { id: to.connectionId } }
      const candidates = draft.confirmEmails ? addresses.addresses : []
      for (const part of partsOf(candidates)) {
        await answered(client.PUT('/v1/connections/{id}/candidate-emails', { params, body: { addresses: part } }))
      }
    },
    onSuccess: (_, to) => leave(to),
  })
  const saving = useMutation({
    mutationFn: async (isPartial: boolean): Promise<Answer<'createConnection'> | null> => {
      if (described.state !== 'whole') return null
      const { current } = validation
      const isFresh = current !== null && Date.now() - current.at < validForMs
      const checked = isFresh ? current : await validation.run()
      // What stands in the way now is shown with the validation.
      if (checked === null || !(checked.preflight.ready || isPartial)) return null
      const body = described.connection
      const headers = { 'Idempotency-Key': keyOf(body) }
      return answered(client.POST('/v1/connections', { body, headers }))
    },
    onSuccess: (created) => {
      if (created === null) return
      const { connection, sync } = created
      const made = { connectionId: connection.id, syncId: sync.id }
      setSaved(made)
      // At once: somebody may close the page, or go on, while addresses are sent and the next page is loaded.
      forget()
      addressSending.mutate(made)
    },
    onError: (error) => {
      const problem = toApiProblem(error)
      // Without an answer the same is sent again, with the same key; what was refused is typed again.
      if (problem.status === 0 || problem.status >= 500) return
      changeSecrets(noSecrets)
      tellMistakes(mistakesOf(problem))
    },
    onSettled: () => {
      isRunning.current = false
    },
  })
  return {
    run: (isPartial) => {
      if (isRunning.current || saved !== null) return
      isRunning.current = true
      saving.mutate(isPartial)
    },
    isPending: saving.isPending || addressSending.isPending,
    problem: saving.error && toApiProblem(saving.error),
    left: saved && addressSending.error && toApiProblem(addressSending.error),
    sendAddresses: () => saved && addressSending.mutate(saved),
    leave: () => void (saved && leave(saved)),
  }
}

function mistakesOf({ fields }: ApiProblem): Partial<Record<FieldName, ToldMistake>> {
  const mistakes: Partial<Record<FieldName, ToldMistake>> = {}
  for (const { field: path, message, remedy } of fields) {
    const field = toFieldName(path)
    if (field !== null) mistakes[field] ??= { text: `${message}. ${remedy}`, connectionId: null }
  }
  return mistakes
}
