import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * The web console: files that were built once, beside the API that they call. What has a hash in its name (`/assets`) is kept for ever;
 * whatever page somebody opens is the one page, which finds out by its address what to show. All else is the API's, as without it.
 */
export interface ConsoleOptions {
  /** Where it was built to. */
  readonly dir: string
  readonly log: Logger
}

/** Nothing is loaded, sent or embedded from or to anywhere else, and no script or style stands in a page. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

/** What is no page, whoever asks for it. */
const noPages = /^\/(?:v1|docs|openapi\.json|livez|readyz|metrics|assets|schemas)(?:[/?]|$)/
/** No folder stands in it, so none above the assets either. */
const assetName = /^\w[\w.-]*$/
const yearMs = 365 * 24 * 60 * 60 * 1_000
const page = 'index.html'
const hidden = { config: { public: true }, schema: { hide: true } } as const

export async function addConsole(app: FastifyInstance, { dir, log }: ConsoleOptions): Promise<void> {
  const isBuilt = existsSync(join(dir, page))
  if (!isBuilt) {
    log.warn(
      { event: 'console.not-built', dir },
      'the console is not built, so it is not there; CONSOLE=off goes without',
    )
  }
  await app.register(fastifyStatic, { root: dir, serve: false, preCompressed: true, suppressWarning: true })
  const sendPage = (reply: FastifyReply) => {
    if (!isBuilt) throw notBuilt()
    return send(reply, page)
  }
  app.get('/', hidden, async (_request, reply) => sendPage(reply))
  // Before there is no such route, there may be such a page.
  app.addHook('preHandler', async (request, reply) => {
    if (request.is404 && isPage(request)) return sendPage(reply)
  })
  if (!isBuilt) return
  for (const file of filesIn(dir)) app.get(`/${file}`, hidden, async (_request, reply) => send(reply, file))
  app.get<{ Params: { '*': string } }>('/assets/*', hidden, async ({ params: { '*': name } }, reply) => {
    if (!assetName.test(name)) return reply.callNotFound()
    return withPolicy(reply).sendFile(`assets/${name}`, { maxAge: yearMs, immutable: true })
  })
}

/** What is asked for again each time: by its `ETag` nothing is sent that is there already. */
function send(reply: FastifyReply, file: string): FastifyReply {
  return withPolicy(reply).header('cache-control', 'no-cache').sendFile(file, { cacheControl: false })
}

function withPolicy(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', contentSecurityPolicy)
}

/** Programs take anything, or JSON; only who wants to look at something names HTML. */
function isPage({ method, url, headers: { accept = '' } }: FastifyRequest): boolean {
  return method === 'GET' && /\btext\/html\b/i.test(accept) && !noPages.test(url)
}

/** Such as an icon; packed ones are sent by the names of what is in them. */
function filesIn(dir: string): string[] {
  const files = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).filter((name) => name !== page && !/^\.|\.(?:br|gz)$/.test(name))
}

function notBuilt(): InputError {
  return new InputError('console-not-built', 'The console is not built, so there is no page', {
    remedy:
      'Run "pnpm exec turbo run build --filter=@clarity/console" and start the API again, or call the API: see /docs.',
  })
}
