import createClient from 'openapi-fetch'
import { toProblem, unreachable } from './problem.ts'
import type { operations, paths } from './schema.ts'

/** The public API at the origin that this page came from; who calls is known by a cookie that no script can read. */
export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' })

/** The body of the answer that an operation gives when all is well. */
export type Answer<Operation extends keyof operations> = JsonOf<Successes<operations[Operation]['responses']>>

/** What one of the items of a list is. */
export type ItemOf<Operation extends keyof operations> =
  Answer<Operation> extends { readonly items: readonly (infer Item)[] } ? Item : never

/** The parameters of the query of an operation. */
export type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>

/** The body that an operation takes. */
export type BodyOf<Operation extends keyof operations> = JsonOf<NonNullable<operations[Operation]['requestBody']>>

type Successes<Responses> = Responses[keyof Responses & (200 | 201 | 202)]
type JsonOf<Message> = Message extends { readonly content: { readonly 'application/json': infer Body } } ? Body : never

interface Outcome<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

/** The body of the answer. @throws ApiProblem for every refusal, and when there is no answer */
export async function answered<Data>(call: Promise<Outcome<Data>>): Promise<Exclude<Data, undefined>> {
  const { data, response } = await answeredWith(call)
  if (data === undefined) throw toProblem(response, undefined)
  return data as Exclude<Data, undefined>
}

/** The same of an operation that may also answer as text, and was not asked to. @throws ApiProblem */
export async function answeredJson<Data>(call: Promise<Outcome<Data>>): Promise<Exclude<Data, undefined | string>> {
  const { data, response } = await answeredWith(call)
  if (data === undefined || typeof data === 'string') throw toProblem(response, undefined)
  return data as Exclude<Data, undefined | string>
}

/** The answer with its headers; without a body where the operation has none. @throws ApiProblem */
export async function answeredWith<Data>(
  call: Promise<Outcome<Data>>,
): Promise<Pick<Outcome<Data>, 'data' | 'response'>> {
  const outcome = await call.catch((error: unknown) => {
    // What was cut short by whoever asked is no fault of the server.
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  })
  if (!outcome.response.ok) throw toProblem(outcome.response, outcome.error)
  return outcome
}
