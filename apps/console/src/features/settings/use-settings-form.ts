import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { type Answer, answered, answeredWith, client } from '../../api/client.ts'
import { ApiProblem, toProblem } from '../../api/problem.ts'
import { toApiProblem } from '../../ui/query-view.tsx'
import { changeOf, type Draft, draftOf, rebase, type SettingName, settingLabels, settingOfField } from './draft.ts'
import { etagOf, type Settings, settingsQuery, type TaggedSettings } from './settings-queries.ts'
import { useDebounced } from './use-debounced.ts'

type Effect = Answer<'previewSettings'>['effects'][number]

export interface SettingsForm {
  readonly settings: Settings
  readonly draft: Draft
  readonly changed: readonly SettingName[]
  readonly isDisabled: boolean
  set<Name extends SettingName>(name: Name, value: Draft[Name]): void
  /** Takes back what was typed into one setting. */
  undo(name: SettingName): void
  errorOf(name: SettingName): string | undefined
  effectOf(name: SettingName): string | undefined
  readonly isReckoning: boolean
  /** What somebody else has changed since this was read, and what of it was being changed here too. */
  readonly byOthers: readonly SettingName[]
  readonly conflicting: readonly SettingName[]
  acknowledge(): void
  save(): void
  discard(): void
  readonly isSaving: boolean
  /** Why it could not be saved, unless a field says it. */
  readonly problem: ApiProblem | null
  /** What has just been saved. */
  readonly saved: string | null
}

interface State {
  readonly base: TaggedSettings
  readonly draft: Draft
  readonly byOthers: readonly SettingName[]
  readonly conflicting: readonly SettingName[]
}

const settledMs = 350

/**
 * The form of the settings. What is typed lies on top of the settings as they were read; when somebody else changes those, the
 * form follows in what was not touched here, keeps what was typed, and says so.
 */
export function useSettingsForm(connectionId: string, latest: TaggedSettings, isDisabled: boolean): SettingsForm {
  const queryClient = useQueryClient()
  const [state, setState] = useState<State>(() => fresh(latest))
  const [saved, setSaved] = useState<string | null>(null)
  const [ownEtag, setOwnEtag] = useState<string | null>(null)
  if (latest.etag !== state.base.etag) setState(latest.etag === ownEtag ? fresh(latest) : follow(state, latest))
  const { base, draft, byOthers, conflicting } = state
  const { change, changed, errors } = useMemo(() => changeOf(draft, base.settings), [draft, base.settings])
  const preview = usePreview(connectionId, change)
  const path = { id: connectionId }
  const save = useMutation({
    mutationFn: async () => {
      const { data, response } = await answeredWith(
        client.PATCH('/v1/connections/{id}', {
          params: { path, header: { 'if-match': base.etag } },
          body: change,
        }),
      )
      if (data === undefined) throw toProblem(response, undefined)
      return { settings: data.settings, etag: etagOf(response) }
    },
    onMutate: () => setSaved(null),
    onSuccess: (tagged) => {
      setOwnEtag(tagged.etag)
      setSaved(`Saved: ${changed.map((name) => settingLabels[name]).join(', ')}.`)
      queryClient.setQueryData(settingsQuery(connectionId).queryKey, tagged)
      return queryClient.invalidateQueries({ queryKey: ['connections'] })
    },
    onError: async (error) => {
      // What it is now comes by the query, and the form follows it.
      if (isOvertaken(error)) await queryClient.invalidateQueries({ queryKey: settingsQuery(connectionId).queryKey })
    },
  })
  const problem = save.error !== null ? toApiProblem(save.error) : null
  const refused = { ...fieldsOf(preview.error), ...fieldsOf(problem) }
  const isTold = isOvertaken(problem) ? byOthers.length > 0 : problem?.fields.some(({ field }) => settingOfField(field))
  const edit = (to: (draft: Draft) => Draft) => {
    setSaved(null)
    save.reset()
    setState((now) => ({ ...now, draft: to(now.draft) }))
  }
  return {
    ...{ settings: base.settings, draft, changed, byOthers, conflicting, saved },
    isDisabled: isDisabled || save.isPending,
    set: (name, value) => edit((now) => ({ ...now, [name]: value })),
    undo: (name) => edit((now) => ({ ...now, [name]: draftOf(base.settings)[name] })),
    errorOf: (name) => errors[name] ?? (changed.includes(name) ? refused[name] : undefined),
    effectOf: (name) =>
      changed.includes(name) && !errors[name]
        ? preview.data?.effects.find(({ setting }: Effect) => setting === name)?.effect
        : undefined,
    isReckoning: preview.isReckoning,
    acknowledge: () => setState((now) => ({ ...now, byOthers: [], conflicting: [] })),
    save: () => {
      if (Object.keys(errors).length === 0 && Object.keys(change).length > 0) save.mutate()
    },
    discard: () => {
      edit(() => draftOf(base.settings))
      setState((now) => ({ ...now, byOthers: [], conflicting: [] }))
    },
    isSaving: save.isPending,
    problem: isTold ? null : problem,
  }
}

/** What the change would do, reckoned anew when nothing was typed for a moment. */
function usePreview(id: string, change: ReturnType<typeof changeOf>['change']) {
  const isChange = Object.keys(change).length > 0
  const settled = useDebounced(change, settledMs)
  const isSettled = JSON.stringify(settled) === JSON.stringify(change)
  const { data, error, isFetching } = useQuery({
    queryKey: ['connections', id, 'settings-preview', settled],
    queryFn: ({ signal }) =>
      answered(
        client.POST('/v1/connections/{id}/settings/preview', { params: { path: { id } }, body: settled, signal }),
      ),
    enabled: isChange && isSettled,
    placeholderData: keepPreviousData,
  })
  return {
    data: isChange ? data : undefined,
    error: isChange && isSettled ? error : null,
    isReckoning: isChange && (!isSettled || isFetching),
  }
}

function fresh(base: TaggedSettings): State {
  return { base, draft: draftOf(base.settings), byOthers: [], conflicting: [] }
}

function follow({ base, draft, byOthers }: State, latest: TaggedSettings): State {
  const rebased = rebase(draft, base.settings, latest.settings)
  const isEditing = changeOf(draft, base.settings).changed.length > 0
  // Who types nothing needs no word of it: what is shown is what is.
  return {
    base: latest,
    draft: rebased.draft,
    byOthers: isEditing ? [...new Set([...byOthers, ...rebased.byOthers])] : [],
    conflicting: rebased.conflicting,
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412
}

/** What a refusal says of single settings. */
function fieldsOf(error: unknown): Partial<Record<SettingName, string>> {
  if (!(error instanceof ApiProblem)) return {}
  return Object.fromEntries(
    error.fields.flatMap(({ field, message, remedy }) => {
      const name = settingOfField(field)
      const subject = /^(is|has|names)\b/.test(message) ? `This ${message}` : message
      return name === undefined ? [] : [[name, `${subject}. ${remedy}`]]
    }),
  )
}
