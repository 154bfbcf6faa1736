import type { Sync } from '../api/queries.ts'
import { type SyncResult as Result, resultNames, resultOf } from '../api/sync-words.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

const tones: Readonly<Record<Result, Tone>> = {
  queued: 'neutral',
  running: 'info',
  'waiting-for-budget': 'waiting',
  'waiting-for-stream': 'waiting',
  complete: 'good',
  partial: 'warn',
  failed: 'bad',
  cancelled: 'paused',
}

/** How it is with a sync, or how it ended, in a word. */
export function SyncResult({ sync }: { readonly sync: Pick<Sync, 'state' | 'waitingFor' | 'coverage'> }) {
  const result = resultOf(sync)
  return <Badge tone={tones[result]}>{resultNames[result]}</Badge>
}
