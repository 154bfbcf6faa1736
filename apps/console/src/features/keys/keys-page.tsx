import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { Ago, countOf, Time } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { sessionQuery, useMay } from '../session/session.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import styles from './keys.module.css'
import { type ApiKey, keysQuery } from './keys-query.ts'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'

/** The keys by which programs and people of the tenant use the API. */
export function KeysPage() {
  const mayWrite = useMay('connections:write')
  const query = useQuery(keysQuery)
  const [isCreating, setIsCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const [said, say] = useState('')
  return (
    <>
      <PageHeader
        title="Keys"
        description="By these, programs and people of your tenant use the API and this console."
        actions={
          mayWrite && (
            <Button look="primary" onPress={() => setIsCreating(true)}>
              Make a key
            </Button>
          )
        }
      />
      <p role="status" className={styles.said}>
        {said}
      </p>
      <QueryView
        query={query}
        skeletonLines={6}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
      >
        {(keys) =>
          keys.length === 0 ? (
            <EmptyState title="There are no keys">
              <p>Make one for each program that uses the API, with the permissions that it needs and no more.</p>
            </EmptyState>
          ) : (
            <Panel title={countOf(keys.length, 'key')}>
              <ul className={styles.keys}>
                {keys.map((key) => (
                  <KeyRow key={key.id} apiKey={key} {...(mayWrite && { onRevoke: () => setRevoking(key) })} />
                ))}
              </ul>
            </Panel>
          )
        }
      </QueryView>
      {isCreating && <CreateKeyDialog onClose={() => setIsCreating(false)} />}
      {revoking && (
        <RevokeKeyDialog
          apiKey={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={() => {
            say(`${revoking.name} is revoked.`)
            setRevoking(null)
          }}
        />
      )}
    </>
  )
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke?: () => void }) {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = apiKey
  const { data: session } = useQuery(sessionQuery)
  return (
    <li className={styles.key}>
      <div>
        <h3 className="row">
          {name}
          {session?.caller.id === id && <Badge tone="info">Yours now</Badge>}
          <Expiry apiKey={apiKey} />
        </h3>
        <p className="muted small">
          <code>{id}</code>
        </p>
        <ul className={styles.scopes} aria-label={`Permissions of ${name}`}>
          {scopes.map((scope) => (
            <li key={scope}>
              <code>{scope}</code>
            </li>
          ))}
        </ul>
      </div>
      <dl className={styles.times}>
        <div>
          <dt>Made</dt>
          <dd>
            <Time at={createdAt} />
          </dd>
        </div>
        <div>
          <dt>Last used</dt>
          <dd>{lastUsedAt === null ? 'Never' : <Ago at={lastUsedAt} />}</dd>
        </div>
        <div>
          <dt>Expires</dt>
          <dd>{expiresAt === null ? 'Never' : <Time at={expiresAt} />}</dd>
        </div>
      </dl>
      {onRevoke && (
        <Button look="danger" size="small" aria-label={`Revoke ${name} (${id})`} onPress={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  )
}

const soonMs = 7 * 86_400_000

/** Of a key that was made for longer; one that ends soon anyway, as of a sign-in link, needs no word of it. */
function Expiry({ apiKey: { createdAt, expiresAt } }: { readonly apiKey: ApiKey }) {
  const now = useNow()
  if (expiresAt === null) return null
  const end = Date.parse(expiresAt)
  if (end <= now) return <Badge tone="bad">Expired</Badge>
  const isLongLived = end - Date.parse(createdAt) > 2 * soonMs
  return isLongLived && end - now < soonMs ? <Badge tone="warn">Expires soon</Badge> : null
}
