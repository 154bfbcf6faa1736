import type { components } from './schema.ts'

type Problem = components['schemas']['Problem']

/** What the API has refused, or that it has not answered: with its cause, the remedy, and the request to ask about. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** Stable; `unreachable` when there was no answer. */
  readonly code: string
  readonly status: number
  readonly title: string
  readonly remedy: string
  readonly requestId: string | null
  readonly fields: readonly { readonly field: string; readonly message: string; readonly remedy: string }[]
  /** Seconds until it may go better; null where the answer does not say. */
  readonly retryAfterSeconds: number | null

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail)
    this.code = problem.type.split(':').at(-1) ?? problem.type
    this.status = problem.status
    this.title = problem.title
    this.remedy = problem.remedy
    this.requestId = problem.requestId === '' ? null : problem.requestId
    this.fields = problem.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The problem that an answer tells, also of one that is no problem document. */
export function toProblem(response: Response, body: unknown): ApiProblem {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const seconds = Number.isFinite(retryAfter) ? retryAfter : null
  if (isProblem(body)) return new ApiProblem(body, seconds)
  return new ApiProblem(
    {
      type: 'urn:clarity:problem:not-understood',
      title: 'The answer was not understood',
      status: response.status,
      detail: `The server answered ${response.status}, and not as the API does.`,
      remedy: 'Something stands between this page and the API. Try again; if it stays so, tell your operator.',
      requestId: response.headers.get('x-request-id') ?? '',
    },
    seconds,
  )
}

/** No answer came at all. */
export function unreachable(): ApiProblem {
  return new ApiProblem({
    type: 'urn:clarity:problem:unreachable',
    title: 'The server does not answer',
    status: 0,
    detail: 'No answer came to this request.',
    remedy: 'Look whether you are online. Nothing that you typed is lost; try again.',
    requestId: '',
  })
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'type' in body && 'detail' in body && 'remedy' in body
}
