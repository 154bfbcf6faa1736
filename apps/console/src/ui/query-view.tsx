import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem, unreachable } from '../api/problem.ts'
import { ErrorState, Skeleton } from './state.tsx'

/**
 * What a question answers, or in its place that it is coming, or why it does not. What was known before stays while it is asked
 * anew, also when that fails.
 */
export function QueryView<Data>({
  query,
  children,
  skeletonLines = 3,
  onProblem,
}: {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
  readonly skeletonLines?: number
  /** Shows a refusal in its own way; undefined: in the common one. */
  readonly onProblem?: (problem: ApiProblem) => ReactNode | undefined
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error === null) return <Skeleton lines={skeletonLines} />
  const problem = toApiProblem(query.error)
  return onProblem?.(problem) ?? <ErrorState problem={problem} onRetry={() => void query.refetch()} />
}

/** An error of a question or a command as a problem; one that is none is a defect of this page. */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof TypeError && error.message.includes('fetch')) return unreachable()
  return new ApiProblem({
    type: 'urn:clarity:problem:page-defect',
    title: 'This page has a defect',
    status: 0,
    detail: `This page has a defect: ${String(error)}`,
    remedy: 'Load it again; if it stays so, tell your operator.',
    requestId: '',
  })
}
