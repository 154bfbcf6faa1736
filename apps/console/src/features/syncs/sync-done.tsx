import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { Sync } from '../../api/queries.ts'
import { changesOf, coverageOf, resultOf, secondsOf } from '../../api/sync-words.ts'
import { Notice, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel, Stat, Stats } from '../../ui/panel.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { formatCount, formatDuration, Time } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { downloadEvidence, type EvidenceFormat } from './evidence.ts'

const complete: Readonly<Record<Sync['kind'], string>> = {
  full: 'Everything was read.',
  preview: 'Everything was read, and nothing was told.',
  incremental: 'All whose turn it was could be read.',
  targeted: 'All that was asked for was read.',
}

const ended: Readonly<Record<string, readonly [tone: Tone, text: string]>> = {
  partial: ['warn', 'Some could not be read; what was known of it is kept, and nothing was removed there.'],
  cancelled: ['neutral', 'It was cancelled. What it had told stays; the rest is as last known.'],
}

/** How a sync ended: what it took, what it changed, how much it covers, and its evidence. */
export function SyncDone({ sync }: { readonly sync: Sync }) {
  const result = resultOf(sync)
  const [tone, text] = result === 'complete' ? (['good', complete[sync.kind]] as const) : (ended[result] ?? [])
  const seconds = secondsOf(sync, Date.now())
  const { added, changed, removed } = changesOf(sync)
  const { read, of } = coverageOf(sync)
  return (
    <Panel title="Result">
      <div className="stack">
        {tone && <Notice tone={tone}>{text}</Notice>}
        {sync.error && <Failure error={sync.error} />}
        <Stats>
          <Stat label="duration">{seconds === null ? '–' : formatDuration(seconds)}</Stat>
          <Stat label="requests">{formatCount(sync.progress.requests)}</Stat>
          <Stat label={sync.kind === 'preview' ? 'would be added' : 'added'}>{formatCount(added)}</Stat>
          <Stat label={sync.kind === 'preview' ? 'would change' : 'changed'}>{formatCount(changed)}</Stat>
          <Stat label={sync.kind === 'preview' ? 'would go' : 'removed'}>{formatCount(removed)}</Stat>
          <Stat label="scopes read">
            {formatCount(read)} of {formatCount(of)}
          </Stat>
        </Stats>
        {sync.finishedAt !== null && (
          <p className="muted small">
            Ended <Time at={sync.finishedAt} />
          </p>
        )}
        {sync.startedAt !== null && <Evidence sync={sync} />}
      </div>
    </Panel>
  )
}

function Failure({ error: { title, remedy, code, retryable } }: { readonly error: NonNullable<Sync['error']> }) {
  return (
    <Notice tone="bad">
      <p>
        <strong>{title}</strong>
      </p>
      <p>
        {remedy} {retryable ? 'The same may go well later.' : ''} Nothing was taken for gone.
      </p>
      <p className="mono">{code}</p>
    </Notice>
  )
}

function Evidence({ sync: { connectionId, id } }: { readonly sync: Sync }) {
  const may = useMay('access:read')
  const download = useMutation({
    mutationFn: (format: EvidenceFormat) => downloadEvidence(connectionId, id, format),
  })
  if (!may) return null
  return (
    <div className="stack-small">
      <div className="row">
        <span>Download evidence</span>
        {(['json', 'csv'] as const).map((format) => (
          <Button
            key={format}
            size="small"
            aria-label={`Download evidence as ${format.toUpperCase()}`}
            isPending={download.isPending && download.variables === format}
            onPress={() => download.mutate(format)}
          >
            <Download aria-hidden="true" size={16} /> {format.toUpperCase()}
          </Button>
        ))}
      </div>
      {download.error && <ErrorState problem={toApiProblem(download.error)} />}
    </div>
  )
}
