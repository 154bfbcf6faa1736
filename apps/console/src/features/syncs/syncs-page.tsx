import { EmptyState } from '../../ui/state.tsx'

export function SyncsPage() {
  return <EmptyState title="SyncsPage" />
}
