import { EmptyState } from '../../ui/state.tsx'

export function ConnectPage() {
  return <EmptyState title="ConnectPage" />
}
