import { EmptyState } from '../../ui/state.tsx'

export function ChangesPage() {
  return <EmptyState title="ChangesPage" />
}
