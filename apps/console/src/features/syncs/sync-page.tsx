import { EmptyState } from '../../ui/state.tsx'

export function SyncPage() {
  return <EmptyState title="SyncPage" />
}
