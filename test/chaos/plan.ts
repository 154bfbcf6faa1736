import { type FaultKind, faultKindNames } from './faults.ts'
import type { Random } from './random.ts'

/**
 * What will happen in a run and when, from the seed alone. Two things go on at the same time: disturbances of processes,
 * one after the other, and slots in each of which Bitbucket has some kinds of fault. Every kind of both has its turn.
 */
export const disturbanceKinds = {
  'kill a worker': { subject: 'worker', action: 'kill' },
  'pause a worker': { subject: 'worker', action: 'pause' },
  'kill a publisher': { subject: 'publisher', action: 'kill' },
  'pause a publisher': { subject: 'publisher', action: 'pause' },
  'kill the API': { subject: 'API', action: 'kill' },
  'pause the API': { subject: 'API', action: 'pause' },
  'kill Redis': { subject: 'Redis', action: 'kill' },
  'pause Redis': { subject: 'Redis', action: 'pause' },
  'kill Kafka': { subject: 'Kafka', action: 'kill' },
  'pause Kafka': { subject: 'Kafka', action: 'pause' },
  'pause Bitbucket': { subject: 'Bitbucket', action: 'pause' },
  'shift the clock of a worker': { subject: 'worker', action: 'shift' },
  'shift the clock of a publisher': { subject: 'publisher', action: 'shift' },
  'shift the clock of the API': { subject: 'API', action: 'shift' },
} as const satisfies Record<string, { readonly subject: string; readonly action: 'kill' | 'pause' | 'shift' }>
export type DisturbanceKind = keyof typeof disturbanceKinds
export type SubjectName = (typeof disturbanceKinds)[DisturbanceKind]['subject']
export const disturbanceKindNames = Object.keys(disturbanceKinds).filter(isDisturbanceKind)

function isDisturbanceKind(name: string): name is DisturbanceKind {
  return Object.hasOwn(disturbanceKinds, name)
}

export interface Disturbance {
  readonly kind: DisturbanceKind
  /** From the beginning of the run. */
  readonly atMs: number
  /** How long what is disturbed stays away, or its clock wrong. */
  readonly awayMs: number
  /** By how much a clock is put ahead, or back. */
  readonly shiftSeconds: number
  /** Which one, where there are several: in [0, 1). */
  readonly which: number
}

export interface FaultSlot {
  readonly kinds: readonly FaultKind[]
  readonly lastsMs: number
}

export interface ChaosPlan {
  readonly disturbances: readonly Disturbance[]
  readonly slots: readonly FaultSlot[]
  /** Between two changes of the truth. */
  readonly changeEveryMs: number
}

const faultsAtATime = 2
const slotMsMax = 15_000
const disturbEveryMsMax = 8_000
const disturbEveryMsMin = 4_000
const shiftSecondsMax = 2 * 60 * 60

/** @throws Error when the run is too short for every kind to have its turn */
export function planChaos(seconds: number, random: Random): ChaosPlan {
  const lastsMs = seconds * 1_000
  const slotCount = Math.max(Math.ceil(faultKindNames.length / faultsAtATime), Math.ceil(lastsMs / slotMsMax))
  const disturbanceCount = Math.max(disturbanceKindNames.length, Math.ceil(lastsMs / disturbEveryMsMax))
  const everyMs = lastsMs / disturbanceCount
  if (everyMs < disturbEveryMsMin)
    throw new Error(`${seconds} s are too short: every kind of disturbance must have its turn`)
  const kinds = inTurns(faultKindNames, slotCount * faultsAtATime, faultsAtATime, random)
  return {
    disturbances: inTurns(disturbanceKindNames, disturbanceCount, 1, random).map((kind, index) => ({
      kind,
      atMs: Math.round((index + random.next() / 2) * everyMs),
      awayMs: random.int(200, 2_500),
      shiftSeconds: random.int(-shiftSecondsMax, shiftSecondsMax),
      which: random.next(),
    })),
    slots: Array.from({ length: slotCount }, (_, slot) => ({
      kinds: kinds.slice(slot * faultsAtATime, (slot + 1) * faultsAtATime),
      lastsMs: lastsMs / slotCount,
    })),
    changeEveryMs: Math.max(500, lastsMs / 300),
  }
}

/**
 * `count` items, each of them before any comes again, and none in two groups of `groupSize` that follow each other: what
 * is met on the first attempt only would else be met again on the second.
 */
function inTurns<Item>(items: readonly Item[], count: number, groupSize: number, random: Random): Item[] {
  const drawn: Item[] = []
  while (drawn.length < count) {
    const recent = drawn.slice(-2 * groupSize)
    const deck = random.shuffle(items)
    if (deck.slice(0, 2 * groupSize).some((item) => recent.includes(item)) && items.length > 4 * groupSize) continue
    if (recent.at(-1) === deck[0] && items.length > 1) continue
    drawn.push(...deck)
  }
  return drawn.slice(0, count)
}
