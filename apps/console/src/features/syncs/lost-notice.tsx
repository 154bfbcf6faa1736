import { Notice } from '../../ui/badge.tsx'
import { formatDuration } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'

/** The live view is cut off; the sync is not. How long goes on by itself, and is read out once. */
export function LostNotice({ since }: { readonly since: number }) {
  const now = useNow()
  return (
    <Notice tone="warn">
      <span aria-hidden="true">Live view lost {formatDuration((now - since) / 1_000)} ago; the sync goes on.</span>
      <span role="alert" className="visually-hidden">
        Live view lost; the sync goes on.
      </span>
    </Notice>
  )
}
