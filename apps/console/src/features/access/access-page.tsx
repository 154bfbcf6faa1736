import { EmptyState } from '../../ui/state.tsx'

export function AccessPage() {
  return <EmptyState title="AccessPage" />
}
