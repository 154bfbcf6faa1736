import type { AccessView, Asked, Page, Paged } from '@clarity/access-view'
import { ConnectionId, type ScopeId } from '@clarity/shared/contract/ids'
import type { AuditLog } from '@clarity/shared/store/audit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type CsvRow, toCsvStream } from '../../access/csv.ts'
import type { FreshnessHeaders } from '../../access/freshness-headers.ts'
import { AsOfQuery, allPages, ask, type QuestionOptions } from '../../access/questions.ts'
import type { ReadTimes } from '../../access/read-times.ts'
import type { Audit } from '../../audit.ts'
import { callerOf, requestedBy } from '../../plugins/auth.ts'
import type { OperationText } from '../../plugins/openapi.ts'
import { PageQuery, pageLimitMax, pageOf } from '../pages.ts'

export interface AccessRouteOptions extends QuestionOptions {
  readonly freshness: FreshnessHeaders
  readonly audit: Audit
  readonly audits: AuditLog
  readonly readTimes: ReadTimes
}

const params = z.object({ id: ConnectionId })
const Format = z.enum(['json', 'csv']).default('json').describe('csv: all pages in one table, with a preamble')

/** What every list takes. */
const Common = z.object({ ...PageQuery.shape, ...AsOfQuery.shape, format: Format })

/** A list about access: what can be asked, and what is answered. */
export interface AccessList<Filters extends z.ZodObject, Item extends z.ZodType> {
  /** What comes after `/v1/connections/:id/`. */
  readonly path: string
  readonly text: OperationText
  readonly filters: Filters
  readonly item: Item
  readonly ask: (view: AccessView, asked: Asked & Paged & z.output<Filters>) => Promise<Page<z.input<Item>>>
  /** In which scopes an item is read, where it is told when that was. */
  readonly scopes?: (item: z.input<Item>) => readonly ScopeId[]
  /** The row of an item in the table, by column; the columns are those of `columns`. */
  readonly columns: readonly string[]
  readonly row: (item: z.input<Item>) => CsvRow
}

/** Adds a list: paged as JSON, whole as CSV, as of any time, with the headers that say how fresh it is. */
export function addAccessList<Filters extends z.ZodObject, Item extends z.ZodType>(
  app: FastifyInstance,
  options: AccessRouteOptions,
  list: AccessList<Filters, Item>,
): void {
  const json = pageOf(list.item).extend({ sequence: z.int().describe('The last event that the answer includes') })
  const schema = {
    ...list.text,
    params,
    querystring: list.filters.extend(Common.shape),
    response: { 200: { content: { 'application/json': { schema: json }, 'text/csv': { schema: z.string() } } } },
  }
  app.get(`/v1/connections/:id/${list.path}`, { config: { scope: 'access:read' }, schema }, async (request, reply) => {
    const { tenantId } = request
    const { id: connectionId } = params.parse(request.params)
    // The schema of the route has parsed it.
    const query = request.query as z.output<typeof Common> & z.output<Filters>
    const page = async (cursor: string | undefined, limit: number) => {
      const found = await ask(options, { tenantId, connectionId, query }, (view, asked) =>
        list.ask(view, { ...query, asOf: undefined, ...asked, cursor, limit }),
      )
      const isOfThePast = query.asOf !== undefined || query.atSequence !== undefined
      return isOfThePast ? found : withReadTimes(options, connectionId, list, found)
    }
    const first = await page(query.cursor, query.format === 'csv' ? pageLimitMax : query.limit)
    await options.freshness.add(reply, { tenantId, connectionId }, first)
    if (query.format === 'json') return { items: first.items, next: first.next, sequence: first.sequence }
    await recordExport(options, request, connectionId, list.path, query.asOf ?? null)
    const pages = allPages((cursor) => (cursor === undefined ? Promise.resolve(first) : page(cursor, pageLimitMax)))
    return sendCsv(reply, list, preambleOf(request, reply, list.path), pages)
  })
}

/** Says of each item when it was read; of a time that has passed that is no longer known. */
async function withReadTimes<Filters extends z.ZodObject, Item extends z.ZodType>(
  { readTimes }: AccessRouteOptions,
  connectionId: ConnectionId,
  { scopes }: AccessList<Filters, Item>,
  page: Page<z.input<Item>>,
): Promise<Page<z.input<Item>>> {
  if (scopes === undefined) return page
  const times = await readTimes(connectionId, page.items.map(scopes))
  return { ...page, items: page.items.map((item, index) => Object.assign({}, item, { readAt: times[index] ?? null })) }
}

async function recordExport(
  { audit, audits }: AccessRouteOptions,
  request: FastifyRequest,
  connectionId: ConnectionId,
  what: string,
  asOf: string | null,
): Promise<void> {
  const record = audit(requestedBy(request), {
    ...{ tenantId: request.tenantId, connectionId, action: 'access.exported' },
    target: { kind: 'connection', id: connectionId },
    after: { exported: { what, format: 'csv', asOf } },
  })
  await audits.append([record])
}

/** As of when, how much is covered, what was asked for, and by whom. */
function preambleOf(request: FastifyRequest, reply: FastifyReply, what: string) {
  const { kind, id } = callerOf(request)
  const header = (name: string) => String(reply.getHeader(name) ?? '')
  return {
    export: what,
    'observed at': header('data-observed-at'),
    coverage: header('data-coverage'),
    'includes event': header('data-sequence'),
    filters: new URL(request.url, 'http://localhost').search.slice(1),
    by: `${kind} ${id}`,
    request: request.id,
  }
}

function sendCsv<Item>(
  reply: FastifyReply,
  {
    path,
    columns,
    row,
  }: { readonly path: string; readonly columns: readonly string[]; readonly row: (item: Item) => CsvRow },
  preamble: Readonly<Record<string, string>>,
  pages: AsyncIterable<readonly Item[]>,
) {
  const rows = async function* () {
    for await (const items of pages) yield items.map(row)
  }
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="${path}.csv"`)
    .send(toCsvStream(preamble, columns, rows()))
}
