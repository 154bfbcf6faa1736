import { STATUS_CODES } from 'node:http'
import type { Problem } from '@clarity/shared/contract/connections'
import {
  DependencyError,
  InputError,
  type KnownError,
  type Mistake,
  UpstreamError,
} from '@clarity/shared/runtime/errors'
import { toDependencyError } from '@clarity/shared/store/redis'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** Every error leaves as an RFC 9457 problem document; what is not meant for the caller stays in the log. */
export function addProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toDependencyError(error)
    const problem = { ...describe(known), requestId: request.id }
    if (problem.status >= 500) request.log.error({ event: 'request.failed', err: known }, 'request failed')
    return send(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => send(reply, { ...noSuchRoute(request), requestId: request.id }))
}

type Description = Omit<Problem, 'requestId'>

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

function describe(error: unknown): Description {
  if (error instanceof InputError) return ofKnown(error, error.status, error.mistakes)
  if (error instanceof UpstreamError) return ofKnown(error, statusOf(error), fieldsOf(error))
  if (error instanceof DependencyError) return ofKnown(error, 503)
  if (hasZodFastifySchemaValidationErrors(error)) return ofValidation(error.validation)
  if (isClientError(error)) return ofFastify(error)
  return {
    type: typeOf('internal'),
    title: 'Internal error',
    status: 500,
    detail: 'The request met an error of ours. It is in our log under this request id.',
    remedy: 'Try again; when it stays, report the request id.',
  }
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

/** The fields of the request that a refusal of Bitbucket is about. */
function fieldsOf({ code, message, remedy }: UpstreamError): Mistake[] {
  const fields: Readonly<Record<string, readonly string[]>> = {
    'bad-credentials': ['credential.key', 'credential.secret'],
    'consumer-not-private': ['credential.key'],
    'consumer-without-callback-url': ['credential.key'],
    'scope-missing': ['credential.key'],
    'workspace-not-found': ['workspace'],
  }
  return (fields[code] ?? []).map((field) => ({ field, message, remedy }))
}

function ofValidation(issues: readonly { readonly instancePath: string; readonly message?: string }[]): Description {
  const errors = issues.map(({ instancePath, message = 'is not valid' }) => {
    const field = instancePath.replace(/^\//, '').replaceAll('/', '.')
    return {
      field: field === '' ? 'body' : field,
      message,
      remedy: `Correct ${field === '' ? 'the body' : field} and send it again.`,
    }
  })
  return {
    type: typeOf('invalid-request'),
    title: 'Bad Request',
    status: 400,
    detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    remedy: 'Correct the fields named under "errors".',
    errors,
  }
}

function ofFastify(error: FastifyError): Description {
  const status = error.statusCode ?? 400
  return {
    type: typeOf('invalid-request'),
    title: STATUS_CODES[status] ?? 'Bad Request',
    status,
    detail: error.message,
    remedy: 'Send a JSON body with the header "Content-Type: application/json".',
  }
}

function isClientError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}

function noSuchRoute({ method, url }: FastifyRequest): Description {
  return {
    type: typeOf('no-such-route'),
    title: 'Not Found',
    status: 404,
    detail: `There is no ${method} ${url.split('?')[0]}`,
    remedy: 'The README lists the routes.',
  }
}

function typeOf(code: string): string {
  return `urn:clarity:problem:${code}`
}
