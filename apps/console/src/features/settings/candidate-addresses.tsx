import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ChangeEvent, useMemo, useState } from 'react'
import { describeAddresses, describeMistakes, partsOf, readAddresses } from '../../api/address-list.ts'
import { answered, client } from '../../api/client.ts'
import { countsQuery } from '../../api/queries.ts'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Meter } from '../../ui/meter.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { countOf, formatCount } from '../../ui/time.tsx'
import styles from './settings.module.css'

interface Sent {
  readonly parts: number
  readonly accepted: number
  readonly alreadyKnown: number
  readonly waiting: number
}

const nothingSent: Sent = { parts: 0, accepted: 0, alreadyKnown: 0, waiting: 0 }
/** More than any list of people; a larger file is another one. */
const fileBytesMax = 20 * 1024 * 1024

/** Sends candidate addresses, pasted or from a file; they are read here first, so that a wrong row is found before. */
export function CandidateAddresses({
  connectionId,
  isAsked,
}: {
  readonly connectionId: string
  /** Whether Bitbucket is asked about them at all. */
  readonly isAsked: boolean
}) {
  const queryClient = useQueryClient()
  const [text, setText] = useState('')
  const [fileError, setFileError] = useState<string | null>(null)
  const [sent, setSent] = useState<Sent>(nothingSent)
  const list = useMemo(() => readAddresses(text), [text])
  const parts = useMemo(() => partsOf(list.addresses), [list.addresses])
  const send = useMutation({
    mutationFn: async () => {
      // After a failure it goes on with the part that was not taken.
      for (let state = sent; state.parts < parts.length; ) {
        const addresses = parts[state.parts] ?? []
        const params = { path: { id: connectionId } }
        const taken = await answered(
          client.PUT('/v1/connections/{id}/candidate-emails', { params, body: { addresses } }),
        )
        state = {
          parts: state.parts + 1,
          accepted: state.accepted + taken.accepted,
          alreadyKnown: state.alreadyKnown + taken.alreadyKnown,
          waiting: taken.waiting,
        }
        setSent(state)
      }
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: countsQuery(connectionId).queryKey }),
  })
  const edit = (to: string) => {
    send.reset()
    setSent(nothingSent)
    setFileError(null)
    setText(to)
  }
  const open = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0]
    if (file === undefined) return
    // The same file can be chosen again once it is mended.
    currentTarget.value = ''
    if (file.size > fileBytesMax) setFileError(`${file.name} is larger than 20 MB: choose the list of addresses alone.`)
    else edit(await file.text())
  }
  const mistakes = describeMistakes(list)
  const isDone = send.isSuccess && sent.parts > 0
  const figures = `${formatCount(sent.accepted)} new, ${formatCount(sent.alreadyKnown)} known before; ${formatCount(sent.waiting)} wait to be asked about.`
  return (
    <div className="stack-small">
      <h3>Candidate addresses</h3>
      <TextField
        label="Addresses"
        description="One a row, or a table with a column of addresses (CSV)."
        rows={5}
        isCode
        value={text}
        onChange={edit}
        isDisabled={send.isPending}
        error={mistakes.length > 0 ? `${mistakes.join('; ')}.` : undefined}
      />
      <label className="row small">
        <span>Or from a file:</span>
        <input type="file" accept=".csv,.txt,.tsv,text/plain,text/csv" className={styles.file} onChange={open} />
      </label>
      {fileError !== null && (
        <p role="alert" className={styles.error}>
          {fileError}
        </p>
      )}
      <p role="status" className="muted">
        {list.addresses.length > 0 && describeAddresses(list)}
      </p>
      {send.isPending && parts.length > 1 && (
        <Meter
          label="Sending"
          value={sent.parts}
          max={parts.length}
          text={`${formatCount(sent.parts)} of ${countOf(parts.length, 'part')}`}
        />
      )}
      {send.error && <ErrorState problem={toApiProblem(send.error)} />}
      <div role="status">
        {isDone && (
          <Notice tone={isAsked ? 'good' : 'warn'}>
            <p>
              Sent: {figures}{' '}
              {isAsked
                ? 'The next reading of the members asks Bitbucket.'
                : 'Bitbucket is not asked while e-mail confirmation is off.'}
            </p>
          </Notice>
        )}
      </div>
      <div>
        <Button
          isDisabled={list.addresses.length === 0 || list.mistakes.length > 0 || isDone}
          isPending={send.isPending}
          onPress={() => send.mutate()}
        >
          {send.error !== null && sent.parts > 0 ? 'Send the rest' : 'Send the addresses'}
        </Button>
      </div>
    </div>
  )
}
