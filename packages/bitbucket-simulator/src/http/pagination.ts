import { ApiError } from './errors.ts'
import type { JsonObject } from './json.ts'

const pagelenDefault = 10
const pagelenMax = 100

/**
 * One page of Bitbucket's list style: `next` is absolute, made of the request's own URL, and absent on the
 * last page. Only the rows of the page are rendered.
 * @throws ApiError 400 for a page or pagelen that is no whole number in its range.
 */
export function toPage<T>(url: URL, items: readonly T[], toRow: (item: T) => JsonObject): JsonObject {
  const pagelen = parseCount(url, 'pagelen', pagelenDefault, pagelenMax)
  const page = parseCount(url, 'page', 1, Number.MAX_SAFE_INTEGER)
  const start = (page - 1) * pagelen
  return {
    values: items.slice(start, start + pagelen).map(toRow),
    pagelen,
    size: items.length,
    page,
    ...(start + pagelen < items.length ? { next: pageUrl(url, page + 1) } : {}),
    ...(page > 1 ? { previous: pageUrl(url, page - 1) } : {}),
  }
}

function parseCount(url: URL, name: string, fallback: number, max: number): number {
  const text = url.searchParams.get(name)
  if (text === null) return fallback
  const count = /^\d{1,16}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > max) throw new ApiError(400, `Invalid ${name}`)
  return count
}

function pageUrl(url: URL, page: number): string {
  const next = new URL(url)
  next.searchParams.set('page', String(page))
  return next.href
}
