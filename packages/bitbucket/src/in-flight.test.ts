import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InFlight, type Permit } from './in-flight.ts'

const options = { initial: 4, max: 16 }

async function take(inFlight: InFlight, count: number): Promise<Permit[]> {
  return Promise.all(Array.from({ length: count }, () => inFlight.acquire()))
}

describe('the number in flight', () => {
  test('grows by one for each round of successes, up to the most', async () => {
    const inFlight = new InFlight(options)
    const limits: number[] = []
    for (let round = 0; round < 20; round++) {
      for (const permit of await take(inFlight, inFlight.limit)) permit.release('success')
      limits.push(inFlight.limit)
    }
    expect(limits.slice(0, 4)).toEqual([4, 5, 6, 7])
    expect(limits.at(-1)).toBe(16)
  })

  test('halves once for all that were let in together, and never below one', async () => {
    const inFlight = new InFlight({ initial: 8, max: 16 })
    for (const permit of await take(inFlight, 8)) permit.release('refused')
    expect(inFlight.limit).toBe(4)
    for (let round = 0; round < 5; round++) (await inFlight.acquire()).release('refused')
    expect(inFlight.limit).toBe(1)
    expect(inFlight.room).toBe(1)
  })

  test('does not grow beyond what was ever needed', async () => {
    const inFlight = new InFlight(options)
    for (let call = 0; call < 100; call++) (await inFlight.acquire()).release('success')
    expect(inFlight.limit).toBe(4)
  })

  test('stays as it is by what says nothing of it', async () => {
    const inFlight = new InFlight(options)
    for (const permit of await take(inFlight, 4)) permit.release('other')
    expect(inFlight.limit).toBe(4)
  })

  test('a permit counts once, however often it is given back', async () => {
    const inFlight = new InFlight(options)
    const [permit] = await take(inFlight, 2)
    permit?.release('other')
    permit?.release('other')
    expect(inFlight.running).toBe(1)
  })
})

test('who waits longest enters first; who gives up leaves no gap', async () => {
  const inFlight = new InFlight({ initial: 1, max: 1 })
  const first = await inFlight.acquire()
  const entered: string[] = []
  const gone = new AbortController()
  const waiting = (name: string, signal?: AbortSignal) =>
    inFlight.acquire(signal).then((permit) => {
      entered.push(name)
      return permit
    })
  const second = waiting('second')
  const third = waiting('third', gone.signal)
  const fourth = waiting('fourth')
  expect(inFlight.room).toBe(-3)
  gone.abort(new Error('gave up'))
  await expect(third).rejects.toThrow('gave up')
  first.release('other')
  ;(await second).release('other')
  ;(await fourth).release('other')
  expect(entered).toEqual(['second', 'fourth'])
  expect([inFlight.running, inFlight.room]).toEqual([0, 1])
  await expect(inFlight.acquire(gone.signal)).rejects.toThrow('gave up')
})

const Step = fc.oneof(
  fc.constant({ type: 'acquire' as const }),
  fc.record({ type: fc.constant('abort' as const), which: fc.nat(20) }),
  fc.record({
    type: fc.constant('release' as const),
    which: fc.nat(20),
    outcome: fc.constantFrom('success' as const, 'refused' as const, 'other' as const),
  }),
)

test('in any course nobody is let in above the limit, and nobody is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { maxLength: 80 }), async (steps) => {
      const inFlight = new InFlight(options)
      const held: Permit[] = []
      const waiting: AbortController[] = []
      let [asked, entered, left] = [0, 0, 0]
      for (const step of steps) {
        if (step.type === 'acquire') {
          const controller = new AbortController()
          asked += 1
          const before = inFlight.running
          waiting.push(controller)
          inFlight.acquire(controller.signal).then(
            (permit) => {
              entered += 1
              waiting.splice(waiting.indexOf(controller), 1)
              held.push(permit)
            },
            () => {
              left += 1
            },
          )
          expect(inFlight.running).toBeLessThanOrEqual(Math.max(inFlight.limit, before))
        } else if (step.type === 'abort') {
          const [controller] = waiting.splice(step.which % Math.max(1, waiting.length), 1)
          controller?.abort()
        } else held.splice(step.which % Math.max(1, held.length), 1)[0]?.release(step.outcome)
        await new Promise(setImmediate)
        expect(inFlight.limit).toBeGreaterThanOrEqual(1)
        expect(inFlight.limit).toBeLessThanOrEqual(16)
        expect(held.length).toBe(inFlight.running)
      }
      while (held.length > 0) {
        held.shift()?.release('other')
        await new Promise(setImmediate)
      }
      expect(entered + left).toBe(asked)
      expect(inFlight.running).toBe(0)
    }),
    { numRuns: 100 },
  )
})
