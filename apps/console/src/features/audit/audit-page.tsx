import { EmptyState } from '../../ui/state.tsx'

export function AuditPage() {
  return <EmptyState title="AuditPage" />
}
