import { useState } from 'react'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import styles from './settings.module.css'
import type { Settings } from './settings-queries.ts'

const kinds = { 'oauth-consumer': 'OAuth consumer', 'api-token': 'API token of an administrator' } as const

/** By which credentials the workspace is read; their secrets are never shown. */
export function Credentials({
  connectionId,
  settings,
  mayChange,
}: {
  readonly connectionId: string
  readonly settings: Settings
  readonly mayChange: boolean
}) {
  const { credentials } = settings.connectApp
  const [isOpen, setIsOpen] = useState(false)
  const [isReplaced, setIsReplaced] = useState(false)
  return (
    <div className="stack">
      <ul className={styles.list}>
        {credentials.map(({ kind, key }) => (
          <li key={`${kind} ${key}`} className="spread">
            <span>
              <code>{key}</code>
              <span className="muted small"> · {kinds[kind]}</span>
            </span>
            <span className="muted small">1,000 requests an hour · secret kept, never shown</span>
          </li>
        ))}
      </ul>
      <div role="status">
        {isReplaced && (
          <Notice tone="good">
            <p>Bitbucket has accepted the new credentials. They are used from now on; nothing else has changed.</p>
          </Notice>
        )}
      </div>
      {mayChange && (
        <div>
          <Button
            onPress={() => {
              setIsReplaced(false)
              setIsOpen(true)
            }}
          >
            Rotate credentials
          </Button>
        </div>
      )}
      {isOpen && (
        <RotateDialog
          connectionId={connectionId}
          present={credentials}
          onClose={() => setIsOpen(false)}
          onReplaced={() => {
            setIsOpen(false)
            setIsReplaced(true)
          }}
        />
      )}
    </div>
  )
}
