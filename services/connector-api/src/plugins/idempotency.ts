import { hash, randomUUID } from 'node:crypto'
import type { TenantId } from '@clarity/shared/contract/ids'
import { InputError } from '@clarity/shared/runtime/errors'
import type { IdempotencyStore } from '@clarity/shared/store/idempotency'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * `Idempotency-Key` on writes, as the IETF draft has it: whoever repeats a request with the same key within 24 hours gets the
 * answer of the first one, and nothing is done twice.
 *
 *   (nothing kept) -> running -> done (the answer is kept) | (nothing kept: it was refused or failed, and may be repeated)
 *
 * The key belongs to the tenant. What is still running says so (409); the same key with another request is refused (422). A
 * process that dies leaves the key running for a minute, longer than any request takes.
 */
declare module 'fastify' {
  interface FastifyRequest {
    idempotent: Claim | null
  }
}

interface Claim {
  readonly owner: string
  readonly key: string
  /** Tells this claim from a later one. */
  readonly token: string
}

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const keyForm = /^[\x21-\x7e]{1,255}$/
const operatorOwner = 'operator'
/** Fields of an answer that are kept with it. */
const keptHeaders = ['content-type', 'location', 'etag'] as const

export function addIdempotency(app: FastifyInstance, store: IdempotencyStore): void {
  app.decorateRequest('idempotent', null)
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key']
    if (key === undefined || !writes.has(request.method) || request.routeOptions.config.public === true) return
    if (typeof key !== 'string' || !keyForm.test(key)) throw malformedKey()
    return begin(request, reply, store, { owner: ownerOf(request.tenantId), key, token: randomUUID() })
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotent } = request
    if (idempotent === null) return
    request.idempotent = null
    const finished = finish(reply, payload, store, idempotent).catch((err: unknown) =>
      request.log.warn({ event: 'idempotency.not-kept', err }, 'the answer is not kept; a repetition is done anew'),
    )
    // That something is away is told at once: the release waits for Redis, and may wait for it in vain.
    if (reply.statusCode !== 503) await finished
  })
}

/** Claims the key for this request, or answers as the first one was answered. */
async function begin(request: FastifyRequest, reply: FastifyReply, store: IdempotencyStore, claim: Claim) {
  const fingerprint = fingerprintOf(request)
  // Before it is known: a claim whose answer was lost is released with the refusal that follows from that.
  request.idempotent = claim
  const found = await store.claim(claim, fingerprint)
  if (found === null) return
  request.idempotent = null
  if (found.fingerprint !== fingerprint) throw reused()
  if (found.answer === null) {
    reply.header('retry-after', '1')
    throw inProgress()
  }
  const { status, headers, body } = found.answer
  return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(body)
}

/** Only what was done is kept: what was refused changed nothing, and may go well the next time. */
async function finish(reply: FastifyReply, payload: unknown, store: IdempotencyStore, claim: Claim): Promise<void> {
  if (reply.statusCode >= 400) return store.release(claim)
  const headers = keptHeaders.flatMap((name) => {
    const value = reply.getHeader(name)
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  const body = typeof payload === 'string' ? payload : ''
  await store.keep(claim, { status: reply.statusCode, headers: Object.fromEntries(headers), body })
}

function ownerOf(tenantId: TenantId): string {
  return tenantId === '' ? operatorOwner : `tenant:${tenantId}`
}

/** The same for the same operation with the same content, whoever's key it is sent with. */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return hash('sha256', JSON.stringify([method, url, body ?? null]), 'base64url')
}

function malformedKey(): InputError {
  return new InputError('missing-idempotency-key', 'The header Idempotency-Key is empty, too long or not plain text', {
    remedy: 'Send 1 to 255 visible characters of ASCII, such as a random UUID.',
    mistakes: [
      {
        field: 'header.idempotency-key',
        message: 'is not 1 to 255 visible characters of ASCII',
        remedy: 'Send a random UUID.',
      },
    ],
  })
}

function reused(): InputError {
  return new InputError('idempotency-key-reused', 'This Idempotency-Key was used for another request', {
    remedy: 'Send a new key for a new intention; a repeated request must be the same to the letter.',
  })
}

function inProgress(): InputError {
  return new InputError('request-in-progress', 'A request with this Idempotency-Key is still being worked on', {
    remedy: 'Wait for its answer, or send this one again in a second.',
  })
}
