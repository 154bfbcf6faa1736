import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** What arrives of OTLP over HTTP as JSON, as far as tests look at it. */
const Value = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
])
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((attributes) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  attributes: Attributes,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.int().default(0) }).default({ code: 0 }),
})
const Body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** A span as it was received, with the name of the service that sent it. */
export interface ReceivedSpan extends z.infer<typeof Span> {
  readonly service: string
}

/** The kinds of spans, by the numbers of the protocol. */
export const spanKinds = { server: 2, client: 3, producer: 4, consumer: 5 } as const

/** Takes spans as a collector of OpenTelemetry does. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = []
  /** All bodies, as they came. */
  readonly bodies: string[] = []
  readonly problems: string[] = []
  /** What it answers; anything but 200 is a refusal. */
  status = 200
  readonly #server: Server
  readonly #waiting = new Set<() => void>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<OtlpReceiver> {
    const server = createServer()
    const receiver = new OtlpReceiver(server)
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      receiver.#take(request.url ?? '', Buffer.concat(chunks).toString())
      response.writeHead(receiver.status, { 'content-type': 'application/json' }).end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get url(): string {
    // A server that listens on a port has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Waits for a span; at once when it was here already. */
  async until(matches: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    for (;;) {
      const found = this.spans.find(matches)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #take(path: string, text: string): void {
    this.bodies.push(text)
    if (path !== '/v1/traces') this.problems.push(`unknown path ${path}`)
    const parsed = Body.safeParse(JSON.parse(text))
    if (!parsed.success) this.problems.push(z.prettifyError(parsed.error))
    if (parsed.success && this.status === 200) {
      for (const { resource, scopeSpans } of parsed.data.resourceSpans) {
        const service = String(resource.attributes['service.name'])
        this.spans.push(...scopeSpans.flatMap(({ spans }) => spans).map((span) => ({ ...span, service })))
      }
    }
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
