import type { Sync } from '@clarity/shared/contract/syncs'
import { type AccessEvent, type AccessState, describeEvent } from '@clarity/subscriber'
import colors from 'picocolors'

/** All that the demo writes. On a terminal the progress bar moves; elsewhere it is a line now and then. */
export class Screen {
  readonly #out: NodeJS.WriteStream
  #lastShare = -1

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  heading(text: string): void {
    this.#line(`\n${colors.bold(text)}`)
  }

  line(text: string): void {
    this.#line(`  ${text}`)
  }

  done(what: string, how: string): void {
    this.line(`${colors.green('✓')} ${what}  ${colors.dim(how)}`)
  }

  /** Shows a piece of work with the time that it took. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const result = await work()
    this.done(what, `${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    return result
  }

  progress({ progress: { requests, requestsExpected }, state }: Sync): void {
    const share = state === 'completed' ? 1 : requestsExpected === null ? 0 : Math.min(1, requests / requestsExpected)
    if (!this.#out.isTTY && Math.floor(share * 4) === this.#lastShare) return
    this.#lastShare = Math.floor(share * 4)
    const width = 40
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
    const of = requestsExpected === null ? 'counting' : `${requests} of ${requestsExpected} requests`
    const text = `  ${colors.cyan(bar)} ${String(Math.round(share * 100)).padStart(3)} %  ${of}`
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${text}${state === 'completed' ? '\n' : ''}`)
    else this.#line(text)
  }

  /** One event as a person reads it; `state` is what was known before it. */
  event(event: AccessEvent, state: AccessState): void {
    const number = colors.dim(`#${event.sequence}`.padStart(7))
    this.#line(`${number}  ${paint(event.name)}  ${describeEvent(event, state)}`)
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`)
  }
}

function paint(name: string): string {
  const padded = name.padEnd('service-user-entitlement.granted'.length)
  if (/created|granted|added/.test(name)) return colors.green(padded)
  if (/removed|revoked|failed/.test(name)) return colors.red(padded)
  return colors.yellow(padded)
}
