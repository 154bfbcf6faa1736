import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '@clarity/shared/contract/connections'
import {
  DependencyError,
  InputError,
  type KnownError,
  type Mistake,
  UpstreamError,
} from '@clarity/shared/runtime/errors'
import { type InputProblem, inputProblems, otherProblems } from '@clarity/shared/runtime/problem-table'
import { toDependencyError } from '@clarity/shared/store/redis'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

export const problemType = 'application/problem+json'
/** What goes by itself: the same request may go well later. */
const passes = new Set([429, 503])

/** Every error leaves as an RFC 9457 problem document; what is not meant for the caller stays in the log. */
export function addProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toDependencyError(error)
    const problem = { ...describe(known), requestId: request.id }
    if (problem.status >= 500) request.log.error({ event: 'request.failed', err: known }, 'request failed')
    if (passes.has(problem.status) && !reply.hasHeader('retry-after')) {
      reply.header('retry-after', String(secondsToWait(known)))
    }
    return send(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => send(reply, { ...noSuchRoute(request), requestId: request.id }))
}

/** Answers a URL for which there can be no route. No hook runs for it, so what every answer has is said here. */
export function answerUnroutable({ code }: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const isTooLong = code === 'FST_ERR_MAX_PARAM_LENGTH'
  const message = isTooLong ? 'has a part that is longer than any id' : 'is not percent-encoded UTF-8'
  const remedy = isTooLong ? 'Use an id that the API has answered.' : 'Encode each part of the path, such as # as %23.'
  const problem = ofInput('invalid-request', `The path ${message}`)
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
  send(reply, { ...problem, errors: [{ field: 'path', message, remedy }], requestId: request.id })
}

/** Answers what is no request at all, or did not come within its time: nothing has a request's id by then. */
export function answerMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const body = JSON.stringify({
    ...ofInput('invalid-request', 'This is no HTTP request, or it did not come within its time.'),
    title: STATUS_CODES[status],
    status,
    requestId: '',
  })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

type Description = Omit<Problem, 'requestId'>

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(problem.status).type(problemType).send(problem)
}

function describe(error: unknown): Description {
  if (error instanceof InputError) return ofKnown(error, error.status, error.mistakes)
  if (error instanceof UpstreamError) return ofKnown(error, statusOf(error), fieldsOf(error))
  if (error instanceof DependencyError) return ofKnown(error, 503)
  if (hasZodFastifySchemaValidationErrors(error)) return ofValidation(error)
  if (isClientError(error)) return ofFastify(error)
  const { status, remedy } = otherProblems.internal
  const detail = 'The request met an error of ours. It is in our log under this request id.'
  return { type: typeOf('internal'), title: 'Internal error', status, detail, remedy }
}

function ofKnown(error: KnownError, status: number, mistakes: readonly Mistake[] = []): Description {
  return {
    type: typeOf(error.code),
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    remedy: error.remedy,
    ...(mistakes.length > 0 && { errors: [...mistakes] }),
  }
}

/** What Bitbucket refuses is for the caller to mend (422); what it does not answer is not (503). */
function statusOf(error: UpstreamError): number {
  return error.retryable ? 503 : 422
}

/** The field of the request that a refusal of Bitbucket is about. What time mends is about none. */
function fieldsOf({ message, remedy, retryable, context: { field } }: UpstreamError): Mistake[] {
  return typeof field === 'string' && !retryable ? [{ field, message, remedy }] : []
}

/** Seconds after which it may go well: as long as Bitbucket, or our own count of its limit, has said. */
function secondsToWait(error: unknown): number {
  return error instanceof UpstreamError ? Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1_000)) : 1
}

/** What a mistake is in when it is in the whole of it. */
const wholes: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' }

/** A mistake is named by its path in the body, or by the name of the parameter; of a header with that word before it. */
function ofValidation({ validation, validationContext: context = 'body' }: FastifyError): Description {
  const place = context === 'headers' ? 'header' : ''
  const errors = (validation ?? []).map(({ instancePath, message = 'is not valid' }) => {
    const path = [place, ...instancePath.split('/')].filter((part) => part !== '').join('.')
    const whole = wholes[context] ?? 'body'
    const [field, named] = path === '' ? [whole, `the ${whole}`] : [path, path]
    return { field, message, remedy: `Correct ${named} and send it again.` }
  })
  return {
    ...ofInput('invalid-request', errors.map(({ field, message }) => `${field}: ${message}`).join('; ')),
    remedy: 'Correct the fields named under "errors".',
    errors,
  }
}

/** What Fastify itself refuses. */
function ofFastify({ statusCode, message }: FastifyError): Description {
  if (statusCode === 413) return ofInput('request-too-large', message)
  if (statusCode === 415) return ofInput('unsupported-media-type', message)
  const description = ofInput('invalid-request', message)
  const status = statusCode ?? description.status
  const remedy = 'Send a JSON body with the header "Content-Type: application/json".'
  return { ...description, title: STATUS_CODES[status] ?? 'Bad Request', status, remedy }
}

function isClientError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}

function noSuchRoute({ method, url }: FastifyRequest): Description {
  return ofInput('no-such-route', `There is no ${method} ${url.split('?')[0]}`)
}

function ofInput(code: InputProblem, detail: string): Description {
  const { status, remedy } = inputProblems[code]
  return { type: typeOf(code), title: STATUS_CODES[status] ?? 'Error', status, detail, remedy }
}

function typeOf(code: string): string {
  return `urn:clarity:problem:${code}`
}
