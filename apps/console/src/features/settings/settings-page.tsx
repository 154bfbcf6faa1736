import { EmptyState } from '../../ui/state.tsx'

export function SettingsPage() {
  return <EmptyState title="SettingsPage" />
}
