import { useSyncExternalStore } from 'react'

const themes = ['system', 'light', 'dark'] as const
/** `system`: as the reader's device has it. */
export type Theme = (typeof themes)[number]

const key = 'clarity-theme'
const listeners = new Set<() => void>()

export function readTheme(): Theme {
  const kept = localStorage.getItem(key)
  return themes.find((theme) => theme === kept) ?? 'system'
}

/** Shows the page in these colours. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, readTheme)
  const choose = (chosen: Theme) => {
    localStorage.setItem(key, chosen)
    showTheme(chosen)
    for (const tell of listeners) tell()
  }
  return [theme, choose]
}
