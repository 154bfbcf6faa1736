import type { SimulatorClock } from '../clock.ts'
import { type Answer, jsonType, readPage, toErrorAnswer, toJsonAnswer } from '../http/answer.ts'
import { ApiError } from '../http/errors.ts'
import { gone } from '../http/gone.ts'
import type { Fault } from './fault.ts'

/** What goes out on the connection. */
export type Delivery =
  | { readonly type: 'send'; readonly answer: Answer }
  | { readonly type: 'reset' }
  | { readonly type: 'stall'; readonly at: 'headers' | 'body'; readonly answer: Answer }
  | { readonly type: 'break-off'; readonly answer: Answer }

export interface FaultyCall {
  /** The request's own URL. */
  readonly url: string
  /** Answers as if nothing were wrong. */
  make(): Answer
  readonly clock: SimulatorClock
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

/** The delivery of a call that meets these faults: of those that are no latency, the first. */
export async function performFaults(faults: readonly Fault[], call: FaultyCall): Promise<Delivery> {
  const wait = async (when: 'before' | 'after') => {
    for (const fault of faults) {
      if (fault.type === 'latency' && fault.when === when) await call.clock.sleep(fault.ms, call.signal)
    }
  }
  await wait('before')
  const fault = faults.find((one) => one.type !== 'latency')
  const delivery: Delivery = fault === undefined ? { type: 'send', answer: call.make() } : perform(fault, call)
  await wait('after')
  return delivery
}

function perform(fault: Exclude<Fault, { type: 'latency' }>, { url, make }: FaultyCall): Delivery {
  switch (fault.type) {
    case 'status':
      if (fault.when === 'after') make()
      return { type: 'send', answer: refusal(fault) }
    case 'reset':
      if (fault.when === 'after') make()
      return { type: 'reset' }
    case 'stall':
      return { type: 'stall', at: fault.at, answer: make() }
    case 'break-off':
      return { type: 'break-off', answer: make() }
    default:
      return { type: 'send', answer: damage(fault, make(), url) }
  }
}

type PageDamage = Extract<Fault, { type: 'duplicate-row' | 'skip-row' | 'next' }>
type Damage = PageDamage | Extract<Fault, { type: 'truncate' | 'wrong-shape' | 'empty' }>

/** What is done to an answer that would have been good; one that is an error stays as it is. */
function damage(fault: Damage, answer: Answer, url: string): Answer {
  if (answer.status !== 200) return answer
  switch (fault.type) {
    case 'truncate':
      return { ...answer, payload: answer.payload.slice(0, Math.floor(answer.payload.length / 2)) }
    case 'wrong-shape':
      return { ...answer, payload: misshapen(fault.as, answer.payload) }
    case 'empty':
      return { ...answer, payload: fault.what === 'body' ? '' : emptyList(answer) }
    default:
      return damagePage(fault, answer, url)
  }
}

function emptyList(answer: Answer): string {
  return readPage(answer) === null ? '[]' : JSON.stringify({ values: [], pagelen: 100, size: 0, page: 1 })
}

function misshapen(as: 'rows-renamed' | 'fields-renamed' | 'array' | 'null', payload: string): string {
  if (as === 'null') return 'null'
  if (as === 'array') return payload.startsWith('[') ? '{}' : '[]'
  if (as === 'rows-renamed') return payload.replace(/"values"\s*:/, '"items":').replace(/^\[(.*)\]$/s, '{"items":[$1]}')
  return payload.replaceAll(/"(uuid|slug)"\s*:/g, '"$1_id":')
}

function damagePage(fault: PageDamage, answer: Answer, url: string): Answer {
  const body: unknown = JSON.parse(answer.payload)
  if (Array.isArray(body)) return { ...answer, payload: JSON.stringify(damageRows(fault, body)) }
  const page = readPage(answer)
  if (page === null) return answer
  page.values = damageRows(fault, page.values)
  if (fault.type === 'skip-row' && fault.size === 'absent') delete page.size
  if (fault.type === 'skip-row' && fault.size === 'reduced' && typeof page.size === 'number') page.size--
  if (fault.type === 'next') page.next = fault.to === 'itself' ? url : elsewhere
  return { ...answer, payload: JSON.stringify(page) }
}

function damageRows({ type }: PageDamage, rows: readonly unknown[]): unknown[] {
  if (type === 'duplicate-row') return [...rows.slice(0, 1), ...rows]
  return type === 'skip-row' ? rows.slice(0, -1) : [...rows]
}

const elsewhere = 'https://elsewhere.example/2.0/repositories?page=2'

function refusal({ status, message, retryAfterSeconds }: Extract<Fault, { type: 'status' }>): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  const said = message ?? words[status] ?? 'Something went wrong'
  const fixed = message === undefined ? refusals[status] : undefined
  const answer = fixed ?? toErrorAnswer(new ApiError(status, said))
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

const words: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Access token expired. Use your refresh token to obtain a new access token.',
  402: 'This feature is not part of the plan.',
  403: 'Your credentials do not administer this resource.',
  404: 'You may not have access to this repository or it no longer exists in this workspace.',
  429: 'Rate limit for this resource has been exceeded',
  500: 'Something went wrong',
}

const page = (title: string) =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`

const refusals: Readonly<Record<number, Answer>> = {
  410: toErrorAnswer(gone()),
  502: { status: 502, headers: { 'content-type': 'text/html' }, payload: page('502 Bad Gateway') },
  503: { status: 503, headers: { 'content-type': 'text/html' }, payload: page('Bitbucket is down for maintenance') },
  555: { ...toJsonAnswer(555, null), headers: { 'content-type': jsonType }, payload: '' },
}
