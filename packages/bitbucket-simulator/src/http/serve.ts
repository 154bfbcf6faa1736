import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SimulatorContext } from '../context.ts'
import type { CallIdentity } from '../faults/fault.ts'
import { type Delivery, performFaults } from '../faults/perform.ts'
import { type Answer, toErrorAnswer } from './answer.ts'

/** Where consumers get their tokens. */
export const tokenRoute = '/site/oauth2/access_token'

/** A request that an endpoint was found for. */
export interface Served {
  readonly route: string
  readonly identity: CallIdentity
  /** Answers as if nothing were wrong; what it throws is answered as well. */
  make(): Answer
}

/**
 * Serves one request: with the fault that it meets, if any; counted and logged before the answer leaves, so that
 * who has the answer finds it there.
 */
export async function serve(
  context: SimulatorContext,
  request: FastifyRequest,
  reply: FastifyReply,
  served: Served,
): Promise<void> {
  const { clock, faults, limits } = context
  const { identity } = served
  const startedAtMs = clock.now()
  const entry = limits.enter(identity.credential)
  const closed = new AbortController()
  reply.raw.once('close', () => closed.abort())
  const make = () => {
    const answer = answerOrError(context, served, request)
    observe(context, request, served, answer)
    return answer
  }
  const met = entry.hasRoom ? faults.meet(identity) : []
  const url = `${request.protocol}://${request.host}${request.url}`
  const deliver = async (): Promise<Delivery> =>
    entry.hasRoom
      ? performFaults(met, { url, make, clock, signal: closed.signal })
      : { type: 'send', answer: toErrorAnswer(limits.refuseBurst(), context.era) }
  const delivery = await deliver().finally(() => entry.leave())
  const status = delivery.type === 'send' ? delivery.answer.status : null
  const workspace = identity.workspace ?? undefined
  if (served.route === tokenRoute) context.counter.countToken(workspace)
  else context.counter.countCall(identity.endpoint, status, workspace)
  context.log.add({
    at: new Date(startedAtMs).toISOString(),
    method: request.method,
    path: request.url,
    endpoint: identity.endpoint,
    status,
    durationMs: clock.now() - startedAtMs,
    credential: identity.credential,
    workspace: identity.workspace,
    faults: met.map(({ type }) => type),
  })
  send(reply, delivery)
}

function answerOrError({ era }: SimulatorContext, { make }: Served, request: FastifyRequest): Answer {
  try {
    return make()
  } catch (error) {
    const answer = toErrorAnswer(error, era)
    if (answer.status === 500) request.log.error(error)
    return answer
  }
}

function observe(context: SimulatorContext, request: FastifyRequest, { route }: Served, answer: Answer): void {
  context.observe({
    method: request.method,
    route,
    status: answer.status,
    contentType: answer.headers['content-type'] ?? null,
    body: answer.payload,
    partial: /[?&]fields=/.test(request.url),
  })
}

/** Puts the delivery on the connection. What is more than an answer works on the socket itself. */
function send(reply: FastifyReply, delivery: Delivery): void {
  if (delivery.type === 'send') {
    const { status, headers, payload } = delivery.answer
    reply.code(status).headers(headers).send(payload)
    return
  }
  reply.hijack()
  const { socket } = reply.raw
  if (delivery.type === 'reset') {
    socket?.resetAndDestroy()
    return
  }
  if (delivery.type === 'stall' && delivery.at === 'headers') return
  const { status, headers, payload } = delivery.answer
  reply.raw.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(payload)) })
  const half = payload.slice(0, Math.floor(payload.length / 2))
  reply.raw.write(half, () => {
    if (delivery.type === 'break-off') socket?.destroy()
  })
}
