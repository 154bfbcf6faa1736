import { EmptyState } from '../../ui/state.tsx'

export function BitbucketPage() {
  return <EmptyState title="BitbucketPage" />
}
