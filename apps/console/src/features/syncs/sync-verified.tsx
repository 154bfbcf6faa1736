import { holdingParts } from '../../api/holdings.ts'
import type { Sync } from '../../api/queries.ts'
import { explainReason } from '../../api/reasons.ts'
import { HolderName, ResourceName } from '../../shell/scope-name.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Panel } from '../../ui/panel.tsx'
import { countOf } from '../../ui/time.tsx'
import styles from './sync-verified.module.css'

type Verified = NonNullable<Sync['verified']>[number]

const states: Readonly<Record<Verified['state'], readonly [tone: Tone, name: string]>> = {
  gone: ['good', 'Gone'],
  'still-there': ['bad', 'Still there'],
  'not-observable': ['warn', 'Not observable'],
}

/** What became of the removals that somebody wanted to know for certain. */
export function SyncVerified({
  connectionId,
  verified,
}: {
  readonly connectionId: string
  readonly verified: readonly Verified[]
}) {
  const gone = verified.filter(({ state }) => state === 'gone').length
  return (
    <Panel title={`${gone} of ${countOf(verified.length, 'removal')} confirmed`}>
      <ul className={styles.list}>
        {verified.map((one) => (
          <Row key={one.id} connectionId={connectionId} verified={one} />
        ))}
      </ul>
    </Panel>
  )
}

function Row({ connectionId, verified }: { readonly connectionId: string; readonly verified: Verified }) {
  const { holder, resource, level } = holdingParts(verified.id)
  const [tone, name] = states[verified.state]
  return (
    <li className={styles.row} title={verified.id}>
      <span>
        <HolderName connectionId={connectionId} holder={holder} />: {level} on{' '}
        <ResourceName connectionId={connectionId} resource={resource} />
      </span>
      <span className="row">
        <Badge tone={tone}>{name}</Badge>
        <Note verified={verified} />
      </span>
    </li>
  )
}

function Note({ verified: { now, held, reason } }: { readonly verified: Verified }) {
  if (reason !== undefined) return <span className="muted small">{explainReason(reason).means}</span>
  const notes = [
    now !== undefined && `holds ${now.slice(now.lastIndexOf('#') + 1)} instead`,
    held === true && 'telling so waits for a decision',
  ].filter((note) => note !== false)
  return notes.length === 0 ? null : <span className="muted small">{notes.join('; ')}</span>
}
