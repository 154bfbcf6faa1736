import { ScopeName } from '../../shell/scope-name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { countOf } from '../../ui/time.tsx'

const shownMax = 20

/** What a targeted sync reads. */
export function SyncScopes({
  connectionId,
  scopes,
  isOver,
}: {
  readonly connectionId: string
  readonly scopes: readonly string[]
  readonly isOver: boolean
}) {
  return (
    <Panel title={isOver ? 'What it was asked to read' : 'What it reads'}>
      <ul>
        {scopes.slice(0, shownMax).map((scope) => (
          <li key={scope}>
            <ScopeName connectionId={connectionId} scope={scope} />
          </li>
        ))}
      </ul>
      {scopes.length > shownMax && <p className="muted small">And {countOf(scopes.length - shownMax, 'more')}.</p>}
    </Panel>
  )
}
