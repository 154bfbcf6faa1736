import type { Call } from './endpoint.ts'
import { ApiError } from './errors.ts'
import type { JsonObject } from './json.ts'

const pagelenDefault = 10

type Listed = Pick<Call, 'url' | 'pagelenMax' | 'queries'>

/** Which rows a page asks for. */
export interface PageWindow {
  readonly page: number
  readonly pagelen: number
  /** The index of its first row in the whole list. */
  readonly start: number
}

/** @throws ApiError 400 for a page or pagelen that is no whole number in its range, or a query where none is taken */
export function readWindow({ url, pagelenMax, queries }: Listed): PageWindow {
  if (!queries && url.searchParams.has('q')) throw new ApiError(400, 'This list takes no query in q.')
  const pagelen = parseCount(url, 'pagelen', Math.min(pagelenDefault, pagelenMax), pagelenMax)
  const page = parseCount(url, 'page', 1, Number.MAX_SAFE_INTEGER)
  return { page, pagelen, start: (page - 1) * pagelen }
}

/**
 * One page of Bitbucket's list style: `next` is absolute, made of the request's own URL, and absent on the
 * last page. Only the rows of the page are rendered. Pages are cut by offset from the list as it is now, so that
 * what comes or goes between two pages shifts the rows of those that follow.
 * @throws ApiError 400 for a page or pagelen that is no whole number in its range.
 */
export function toPage<T>(call: Listed, items: readonly T[], toRow: (item: T) => JsonObject) {
  const { page, pagelen, start } = readWindow(call)
  return {
    values: items.slice(start, start + pagelen).map(toRow),
    pagelen,
    size: items.length,
    ...linksOf(call.url, page, start + pagelen < items.length),
  }
}

/** The fields of a page that tell where it is and where the others are. */
export function linksOf(url: URL, page: number, hasNext: boolean): JsonObject {
  return {
    page,
    ...(hasNext ? { next: pageUrl(url, page + 1) } : {}),
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
