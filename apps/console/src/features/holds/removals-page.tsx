import { EmptyState } from '../../ui/state.tsx'

export function RemovalsPage() {
  return <EmptyState title="RemovalsPage" />
}
