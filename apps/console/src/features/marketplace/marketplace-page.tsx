import { EmptyState } from '../../ui/state.tsx'

export function MarketplacePage() {
  return <EmptyState title="MarketplacePage" />
}
