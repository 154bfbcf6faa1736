import { EmptyState } from '../../ui/state.tsx'

export function ApplicationsPage() {
  return <EmptyState title="ApplicationsPage" />
}
