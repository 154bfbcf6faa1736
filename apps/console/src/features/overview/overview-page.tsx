import { EmptyState } from '../../ui/state.tsx'

export function OverviewPage() {
  return <EmptyState title="OverviewPage" />
}
