import { Check, Circle, CircleDot } from 'lucide-react'
import { useState } from 'react'
import type { Sync } from '../../api/queries.ts'
import { secondsOf } from '../../api/sync-words.ts'
import { Meter } from '../../ui/meter.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { Ago, formatClock, formatCount, formatDuration } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { formatRange, sayEnd } from './expected-end.ts'
import { phasesOf, type ShownPhase, sayPhase, scopesOf } from './phases.ts'
import styles from './sync-progress.module.css'

/** How far a sync is: in scopes, phase by phase; its requests, and when it is expected to end. */
export function SyncProgress({ sync }: { readonly sync: Sync }) {
  const phases = phasesOf(sync)
  const { done, total } = scopesOf(phases)
  const { requests, requestsExpected } = sync.progress
  const scopes =
    total === null
      ? done === 0
        ? 'counting'
        : `${formatCount(done)}; counting`
      : `${formatCount(done)} of ${formatCount(total)}`
  return (
    <Panel title="Progress">
      <div className="stack">
        <ExpectedEnd sync={sync} />
        <Meter label="Scopes read" value={done} max={total} text={scopes} />
        <Meter
          label="Requests to Bitbucket"
          value={requests}
          max={requestsExpected}
          text={
            requestsExpected === null
              ? `${formatCount(requests)}; how many there will be is being counted`
              : `${formatCount(requests)} of about ${formatCount(Math.max(requests, requestsExpected))}`
          }
        />
        <ol className={styles.phases}>
          {phases.map((phase) => (
            <PhaseRow key={phase.phase} phase={phase} />
          ))}
        </ol>
      </div>
    </Panel>
  )
}

const icons = { done: Check, running: CircleDot, 'to-come': Circle } as const

function PhaseRow({ phase }: { readonly phase: ShownPhase }) {
  const { name, state, done, total } = phase
  const Icon = icons[state]
  const text = sayPhase(phase, formatCount)
  return (
    <li className={styles.phase} data-state={state}>
      <Icon aria-hidden="true" size={16} />
      {total !== null && total > 1 ? (
        <Meter label={name} value={done} max={total} text={text} />
      ) : (
        <span className="spread">
          <span>{name}</span>
          <span className="muted small">{text}</span>
        </span>
      )}
    </li>
  )
}

function ExpectedEnd({ sync }: { readonly sync: Sync }) {
  const now = useNow()
  const [said, setSaid] = useState(() => sayEnd(null, sync, now, formatClock))
  const next = sayEnd(said, sync, now, formatClock)
  if (next !== said) setSaid(next)
  const seconds = secondsOf(sync, now)
  return (
    <>
      <p role="status" className={styles.end}>
        {sayExpected(sync, next)}
      </p>
      <Facts
        items={[
          ['Running for', seconds === null ? 'Not begun' : formatDuration(seconds)],
          [
            'Goes on',
            sync.waitingUntil === null ? (
              'Now'
            ) : (
              <>
                <Ago at={sync.waitingUntil} />, at {formatClock(sync.waitingUntil)}
              </>
            ),
          ],
        ]}
      />
    </>
  )
}

function sayExpected(sync: Sync, said: ReturnType<typeof sayEnd>): string {
  if (said === null) {
    return sync.state === 'requested' ? sayTurn(sync.ahead) : sayUncertain(sync)
  }
  const turn = sync.state === 'requested' ? `${sayTurn(sync.ahead)} ` : ''
  const because = said.reason === null ? '' : `: ${said.reason}`
  return `${turn}Expected to end ${formatRange(said, formatClock)}${because}.`
}

function sayTurn(ahead: number | null): string {
  return ahead === null || ahead === 0 ? 'It is about to begin.' : `It waits for its turn: ${ahead} ahead of it.`
}

function sayUncertain(sync: Sync): string {
  const isCounted = scopesOf(phasesOf(sync)).total !== null
  return isCounted ? 'When it will end can be said in some seconds.' : 'Counting what there is to read.'
}
