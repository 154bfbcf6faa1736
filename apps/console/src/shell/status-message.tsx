import { useLocation } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { Notice } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import styles from './status-message.module.css'

interface Told {
  readonly text: string
  /** The page on which it is read. */
  readonly path: string
}

const listeners = new Set<() => void>()
let told: Told | null = null

function change(to: Told | null): void {
  told = to
  for (const tell of listeners) tell()
}

/** Says what has come of an action on the page to which it led: call it once one is there. It goes with the page. */
export function tellStatus(text: string): void {
  change({ text, path: window.location.pathname })
}

/** Where that is read. */
export function StatusMessage() {
  const message = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => told,
  )
  const { pathname } = useLocation()
  useEffect(() => {
    if (told !== null && told.path !== pathname) change(null)
  }, [pathname])
  return (
    <div role="status">
      {message !== null && (
        <div className={styles.message}>
          <Notice tone="good">
            <div className="spread">
              <span>{message.text}</span>
              <Button look="quiet" size="small" onPress={() => change(null)}>
                Dismiss
              </Button>
            </div>
          </Notice>
        </div>
      )}
    </div>
  )
}
