import type { Redis } from 'ioredis'

/**
 * A Redis that is killed refuses connections, and ioredis tells whoever waits after two refusals. One that is paused, cut off or still
 * loading its data takes connections and does not serve: of that ioredis never tells, nor of what was under way on a connection that
 * ended and is now to be sent again over such a one.
 *
 *   ready -> silent -> ended -> connected, not ready -> ended -> whatever waited has failed
 *     ^                                    |
 *     +------------------------------------+  what waited is sent again
 *
 * Turns of the event loop are counted, not time: when we were busy ourselves, the answer is there and only not read yet.
 */
const turnMs = 250
const turnsMax = 6

/** Ends connections over which nothing comes although something is awaited; what waits fails with the second one in a row. */
export function giveUpSilent(redis: Redis): void {
  const silence = new Silence()
  const timer = setInterval(() => {
    if (silence.lasts(redis)) redis.stream.destroy(new Error('Redis says nothing'))
  }, turnMs)
  timer.unref()
  redis.once('end', () => clearInterval(timer))

  let [closes, unanswered] = [0, redis.commandQueue]
  redis.on('ready', () => {
    closes = 0
  })
  redis.on('close', () => {
    // What the connection that worked leaves behind is this very queue, and it goes on over the next one that does.
    if (++closes === 1) unanswered = redis.commandQueue
    else while (unanswered.length > 0) unanswered.shift()?.command.reject(new Error('Connection is closed.'))
  })
}

/** For how many turns a connection has been silent. */
class Silence {
  #stream: object | undefined
  #bytes = 0
  #turns = 0

  /** Looks again, once a turn. */
  lasts({ stream, status, commandQueue }: Redis): boolean {
    const isSame = stream === this.#stream
    const isServing = status === 'ready' && (commandQueue.length === 0 || stream.bytesRead !== this.#bytes)
    this.#turns = isSame && !isServing ? this.#turns + 1 : 0
    this.#stream = stream
    this.#bytes = stream?.bytesRead ?? 0
    if (this.#turns < turnsMax || stream?.destroyed !== false) return false
    this.#turns = 0
    return true
  }
}
