import { useMutation } from '@tanstack/react-query'
import { createContext, useContext, useMemo, useState } from 'react'
import { type AddressList, readAddresses } from '../../api/address-list.ts'
import { answered, client } from '../../api/client.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { toApiProblem } from '../../ui/query-view.tsx'
import { mistakesOf } from './checks.ts'
import { type Draft, newDraft, noSecrets, type Secrets } from './draft.ts'
import type { DraftStore } from './draft-store.ts'
import { type FieldName, type Mistakes, stepOf, type ToldMistake, type ToldMistakes } from './fields.ts'
import type { Preflight } from './preflight.ts'
import { type ConnectionBody, type Described, describeConnection } from './request.ts'
import type { StepId } from './steps.ts'

/** A validation that is older than this is made again before anything is saved. */
export const validForMs = 15 * 60_000

export interface Validated {
  readonly preflight: Preflight
  /** When it ended, in milliseconds. */
  readonly at: number
  /** What was validated. */
  readonly of: ConnectionBody
}

export interface Wizard {
  readonly draft: Draft
  readonly change: (changed: Partial<Draft>) => void
  readonly secrets: Secrets
  readonly changeSecrets: (changed: Partial<Secrets>) => void
  /** Candidate addresses as they were pasted. They are somebody's, so they are kept no longer than this page. */
  readonly addressText: string
  readonly setAddressText: (text: string) => void
  readonly addresses: AddressList
  readonly described: Described
  /** What is wrong with a field, once it is to be shown. */
  readonly mistakeOf: (field: FieldName) => ToldMistake | null
  /** All that is to be shown on a step. */
  readonly mistakesOn: (step: StepId) => readonly (readonly [FieldName, ToldMistake])[]
  /** Shows what is wrong on a step from now on; tells whether anything is. */
  readonly showMistakes: (step: StepId) => boolean
  readonly tellMistakes: (told: ToldMistakes) => void
  readonly validation: Validation
  /** Keeps the draft no longer; the page still shows it. */
  readonly forget: () => void
  readonly startOver: () => void
}

export interface Validation {
  /** The latest one of what the wizard describes now; null: there is none, or something has been changed since. */
  readonly current: Validated | null
  /** The latest one of whatever was described. */
  readonly latest: Validated | null
  readonly isPending: boolean
  /** Why the last try of exactly this had no answer. */
  readonly problem: ApiProblem | null
  /** Whether exactly this was tried last, well or not. */
  readonly isTried: boolean
  /** Null when something is missing still, or no answer came. */
  readonly run: () => Promise<Validated | null>
}

export const WizardContext = createContext<Wizard | null>(null)

export function useWizard(): Wizard {
  const wizard = useContext(WizardContext)
  if (wizard === null) throw new Error('A step stands in no wizard')
  return wizard
}

/** All that the steps share. The draft is kept by the store; the rest lives as long as the page. */
export function useWizardState(store: DraftStore): Wizard {
  const [draft, setDraft] = useState(() => store.read())
  const [secrets, setSecrets] = useState(noSecrets)
  const [addressText, setAddressText] = useState('')
  const addresses = useMemo(() => readAddresses(addressText), [addressText])
  const [shown, setShown] = useState<ReadonlySet<StepId>>(new Set())
  const [told, tellMistakes] = useState<ToldMistakes>({})
  const described = describeConnection(draft, secrets)
  const validation = useValidation(described, draft.workspace, tellMistakes)
  const own: Mistakes = described.state === 'mistaken' ? described.mistakes : {}

  const keep = (next: Draft) => {
    setDraft(next)
    store.write(next)
  }
  const mistakeOf = (field: FieldName): ToldMistake | null => {
    const mistake = shown.has(stepOf(field)) ? own[field] : undefined
    return mistake === undefined ? (told[field] ?? null) : { text: mistake, connectionId: null }
  }
  return {
    draft,
    change: (changed) => {
      keep({ ...draft, ...changed })
      tellMistakes((before) => withoutChanged(before, Object.keys(changed)))
    },
    secrets,
    changeSecrets: (changed) => {
      setSecrets((before) => ({ ...before, ...changed }))
      tellMistakes((before) => withoutChanged(before, ['secret' in changed ? 'key' : 'moreCredentials']))
    },
    addressText,
    setAddressText,
    addresses,
    described,
    mistakeOf,
    mistakesOn: (step) =>
      [...new Set([...keysOf(own), ...keysOf(told)])]
        .filter((field) => stepOf(field) === step)
        .flatMap((field) => {
          const mistake = mistakeOf(field)
          return mistake === null ? [] : [[field, mistake] as const]
        }),
    showMistakes: (step) => {
      setShown((before) => new Set([...before, step]))
      return keysOf(own).some((field) => stepOf(field) === step)
    },
    tellMistakes,
    validation,
    forget: () => store.clear(),
    startOver: () => {
      store.clear()
      setDraft(newDraft(Intl.DateTimeFormat().resolvedOptions().timeZone))
      setSecrets(noSecrets)
      setAddressText('')
      setShown(new Set())
      tellMistakes({})
    },
  }
}

function useValidation(
  described: Described,
  workspace: string,
  tellMistakes: (told: ToldMistakes) => void,
): Validation {
  const [latest, setLatest] = useState<Validated | null>(null)
  const validate = useMutation({
    mutationFn: async (of: ConnectionBody): Promise<Validated> => {
      const preflight = await answered(client.POST('/v1/connections/validate', { body: of }))
      return { preflight, at: Date.now(), of }
    },
    onSuccess: (validated) => {
      setLatest(validated)
      tellMistakes(mistakesOf(validated.preflight, workspace))
    },
  })
  const isOf = (of: ConnectionBody | undefined) =>
    described.state === 'whole' && of !== undefined && JSON.stringify(of) === JSON.stringify(described.connection)
  const isTried = isOf(validate.variables)
  return {
    latest,
    current: latest !== null && isOf(latest.of) ? latest : null,
    isPending: validate.isPending,
    problem: isTried && validate.error ? toApiProblem(validate.error) : null,
    isTried,
    run: async () => {
      if (described.state !== 'whole') return null
      // The problem is shown from the state of the mutation.
      return validate.mutateAsync(described.connection).catch(() => null)
    },
  }
}

/** What was told of a field no longer holds once it is changed; key and secret belong together. */
function withoutChanged(told: ToldMistakes, changed: readonly string[]): ToldMistakes {
  const isChanged = (field: string) =>
    changed.some((name) => field === name || field.startsWith(`${name}.`)) ||
    (changed.includes('key') && field === 'secret')
  return Object.fromEntries(Object.entries(told).filter(([field]) => !isChanged(field)))
}

function keysOf(mistakes: Readonly<Partial<Record<FieldName, unknown>>>): FieldName[] {
  return Object.keys(mistakes) as FieldName[]
}
