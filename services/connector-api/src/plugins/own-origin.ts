import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyRequest } from 'fastify'

/**
 * A browser sends its cookie whoever has written the page that it shows. So what changes something by a cookie must come from a page of
 * our own: browsers say by `Origin` where a request comes from, and by `Sec-Fetch-Site` as well, and no page can make them lie.
 */

/** @throws InputError 403 unless a browser says that the request is of a page of our own */
export function insistOnOwnPage(request: FastifyRequest, publicUrl: string): void {
  if (!isOfOwnPage(request, publicUrl, false)) throw foreignOrigin()
}

/** The same of a request that may also come from a program, which says nothing of the kind. */
export function refuseForeignPage(request: FastifyRequest, publicUrl: string): void {
  if (!isOfOwnPage(request, publicUrl, true)) throw foreignOrigin()
}

function isOfOwnPage({ headers, host }: FastifyRequest, publicUrl: string, unsaid: boolean): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  if (origin !== undefined) return isOwn(origin, host, publicUrl)
  return site === undefined ? unsaid : site === 'same-origin'
}

/** Where it is known by which scheme we are reached, an origin of that host by another one is somebody on the way. */
function isOwn(origin: string, host: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  const own = publicUrl === '' ? null : new URL(publicUrl)
  const from = new URL(origin)
  return from.host === own?.host ? from.origin === own.origin : from.host === host.toLowerCase()
}

function foreignOrigin(): InputError {
  return new InputError('foreign-origin', 'The request does not come from a page of this host', {
    remedy: 'Do it from the console itself; programs send the header "Authorization: Bearer <key>" instead.',
  })
}
