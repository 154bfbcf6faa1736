import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTitle } from '../ui/page.tsx'
import { toApiProblem } from '../ui/query-view.tsx'
import { EmptyState, ErrorState } from '../ui/state.tsx'

export function NotFound() {
  useTitle('Not found')
  return (
    <EmptyState title="There is no such page">
      <p>
        The address may be mistyped, or what it was about has been removed. <Link to="/">Go to the applications</Link>.
      </p>
    </EmptyState>
  )
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  useTitle('Something went wrong')
  return <ErrorState problem={toApiProblem(error)} onRetry={reset} />
}
