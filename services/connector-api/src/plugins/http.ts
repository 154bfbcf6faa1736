import type { Server } from 'node:http'
import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyInstance } from 'fastify'

/** What Node would answer by itself, without a word of what is wrong, comes to us instead. */
export const httpServerOptions = { requireHostHeader: false } as const

/**
 * What HTTP/1.1 asks of a server beside its answers: a request names its host (RFC 9112, section 3.2), and an expectation that is not
 * known is passed over (RFC 9110, section 10.1.1). While the service stops each answer ends its connection: a client that keeps one
 * would hold up the stop until the connection times out.
 */
export function addHttp(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw: { httpVersion, headers } }) => {
    if (httpVersion === '1.1' && headers.host === undefined) throw noHost()
  })
  const server: Server = app.server
  server.on('checkExpectation', (req, res) => server.emit('request', req, res))
  let isStopping = false
  app.addHook('preClose', async () => {
    isStopping = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping) reply.header('connection', 'close')
  })
}

function noHost(): InputError {
  const message = 'is missing'
  const remedy = 'Send it: HTTP/1.1 asks for it.'
  return new InputError('invalid-request', `The header Host ${message}`, {
    remedy,
    mistakes: [{ field: 'header.host', message, remedy }],
  })
}
