import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { countOf } from '../../ui/time.tsx'

/** What is about to be decided; `only` of null: all that is held. */
export type Decision =
  | { readonly type: 'approve'; readonly only: readonly string[] | null; readonly count: number }
  | { readonly type: 'reject'; readonly count: number }

const reasonMax = 500

export interface DecisionDialogProps {
  readonly connectionId: string
  /** null: nothing is about to be decided. */
  readonly decision: Decision | null
  readonly onClose: () => void
  readonly onDecided: (text: string) => void
}

/** Asks for the reason, without which nothing is decided. */
export function DecisionDialog({ decision, onClose, ...rest }: DecisionDialogProps) {
  const title =
    decision === null
      ? ''
      : `${decision.type === 'approve' ? 'Approve' : 'Reject'} ${countOf(decision.count, 'removal')}?`
  return (
    <Dialog title={title} isOpen={decision !== null} onClose={onClose}>
      {decision !== null && <DecisionForm decision={decision} onClose={onClose} {...rest} />}
    </Dialog>
  )
}

function DecisionForm({
  connectionId,
  decision,
  onClose,
  onDecided,
}: DecisionDialogProps & { readonly decision: Decision }) {
  const [reason, setReason] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  const queryClient = useQueryClient()
  const path = { id: connectionId }
  const decide = useMutation({
    mutationFn: () =>
      decision.type === 'reject'
        ? answered(
            client.POST('/v1/connections/{id}/hold/reject', { params: { path }, body: { reason: reason.trim() } }),
          )
        : answered(
            client.POST('/v1/connections/{id}/hold/approve', {
              params: { path },
              body: { reason: reason.trim(), ...(decision.only !== null && { only: [...decision.only] }) },
            }),
          ),
    onSuccess: async ({ removed, kept }) => {
      onClose()
      await queryClient.invalidateQueries({ queryKey: ['connections', connectionId] })
      onDecided(outcomeOf(decision, removed, kept))
    },
  })
  const mistake = mistakeOf(reason)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setIsAsked(true)
    if (mistake === null) decide.mutate()
  }
  return (
    <form onSubmit={onSubmit} className="stack" noValidate>
      <p>{consequenceOf(decision)}</p>
      {decide.error && <ErrorState problem={toApiProblem(decide.error)} />}
      <TextField
        label="Reason"
        description="For whoever asks later; it is kept in the audit log. Write no personal data."
        rows={3}
        value={reason}
        onChange={setReason}
        isRequired
        error={isAsked && mistake}
      />
      <Actions>
        <Button onPress={onClose}>Cancel</Button>
        <Button type="submit" look={decision.type === 'reject' ? 'danger' : 'primary'} isPending={decide.isPending}>
          {decision.type === 'approve' ? 'Approve' : 'Reject'} {countOf(decision.count, 'removal')}
        </Button>
      </Actions>
    </form>
  )
}

function mistakeOf(reason: string): string | null {
  if (reason.trim() === '') return 'Say why, for whoever asks later.'
  return reason.trim().length > reasonMax ? `Say it in ${reasonMax} characters.` : null
}

function consequenceOf(decision: Decision): string {
  if (decision.type === 'reject') {
    return 'Nothing is told as gone: it all stays as last known. The same removals are not asked about again until they change.'
  }
  const rest = decision.only === null ? '' : ' The others wait on.'
  return `They are told as gone, and Clarity takes the access away. That cannot be taken back; if it is there again, it is told as new.${rest}`
}

function outcomeOf(decision: Decision, removed: number, kept: number): string {
  if (decision.type === 'reject')
    return `${countOf(kept, 'removal was', 'removals were')} rejected: nothing was told as gone.`
  const rest = kept === 0 ? 'Nothing is held any more.' : `${countOf(kept, 'waits', 'wait')} on.`
  return `${countOf(removed, 'removal was', 'removals were')} approved and will be told in a moment. ${rest}`
}
