/**
 * Holds answers against Atlassian's own description of the API. A body is checked twice: by the description's schemas
 * as they are, and for properties that no schema describes. Where Bitbucket itself differs from its description, a
 * known deviation says so; everything else is a mistake of whoever answered.
 */
import { type BodyCheck, createBodyChecks } from './body-check.ts'
import { createComponents } from './components.ts'
import { createOperationFinder, type Response, readDescription } from './description.ts'
import type { Answer, Deviation, Finding } from './deviation.ts'
import { createKnownMatcher, type KnownDeviation } from './known.ts'
import { knownDeviations } from './known-deviations.ts'
import { type ConformanceReport, createTally, type NotDescribed } from './report.ts'

export interface ConformanceChecker {
  /**
   * All deviations of one answer, known ones included; none when its route is not described. A status that the route
   * does not list is a deviation, and an error's body is then held against another error of the same route.
   */
  check(answer: Answer): readonly Deviation[]
  /** What all checks so far have found. */
  report(): ConformanceReport
}

/** What is the same for all answers of one route, status and media type; compiled when the first of them comes. */
interface Expectation {
  readonly notDescribed?: NotDescribed['what']
  /** Null where there is nothing to hold a body against. */
  readonly checkBody: BodyCheck | null
}

/**
 * Reads the OpenAPI 3.0 description, a file of JSON.
 * @throws when it cannot be read or is no such description.
 */
export async function createConformanceChecker(
  descriptionPath: string,
  known: readonly KnownDeviation[] = knownDeviations,
): Promise<ConformanceChecker> {
  const description = await readDescription(descriptionPath)
  const findOperation = createOperationFinder(description)
  const components = createComponents(description)
  const bodyChecks = {
    whole: createBodyChecks(components, { partial: false }),
    partial: createBodyChecks(components, { partial: true }),
  }
  const expectations = new Map<string, Expectation>()
  const tally = createTally(known)
  const explain = createKnownMatcher(known)

  function createExpectation({ method, route, status, partial = false }: Answer, mediaType: string): Expectation {
    const operation = findOperation(method, route)
    if (operation.state !== 'described') return { notDescribed: operation.state, checkBody: null }
    const response = findResponse(operation.responses, status)
    const check = (each: Response) => bodyChecks[partial ? 'partial' : 'whole'](each, mediaType)
    if (response) return { checkBody: check(response) }
    const otherError = status >= 400 ? findError(operation.responses) : undefined
    return { notDescribed: 'status', checkBody: otherError ? check(otherError) : null }
  }

  function expect(answer: Answer): Expectation {
    const { method, route, status, partial, contentType } = answer
    const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
    const key = [method, route, status, partial === true, mediaType].join(' ')
    const expectation = expectations.get(key) ?? createExpectation(answer, mediaType)
    expectations.set(key, expectation)
    return expectation
  }

  return {
    check(answer) {
      const { notDescribed, checkBody } = expect(answer)
      if (notDescribed) tally.countNotDescribed(answer, notDescribed)
      if (checkBody) tally.countChecked(answer)
      const findings = [...toStatusFindings(answer, notDescribed), ...(checkBody?.(answer.body) ?? [])]
      const { method, route, status } = answer
      const deviations = findings.map((finding) => {
        return { method, route, status, ...finding, knownAs: explain(answer, finding) ?? null }
      })
      for (const deviation of deviations) tally.countDeviation(deviation)
      return deviations
    },
    report: tally.report,
  }
}

function toStatusFindings({ status }: Answer, notDescribed: NotDescribed['what'] | undefined): readonly Finding[] {
  if (notDescribed !== 'status') return []
  return [{ pointer: '', keyword: 'status', message: `the description lists no ${status} here` }]
}

type Responses = Readonly<Record<string, Response>>

function findResponse(responses: Responses, status: number): Response | undefined {
  return responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses.default
}

function findError(responses: Responses): Response | undefined {
  return Object.entries(responses).find(([status]) => /^4/.test(status))?.[1]
}
