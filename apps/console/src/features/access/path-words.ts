import type { Answer } from '../../api/client.ts'
import { kindOf, levelOf, namelessOf, resourceOf } from './access-ids.ts'

/** What a person can do on a project or repository, and by which ways. */
export type Access = Pick<
  Answer<'explainAccess'>,
  'serviceUserId' | 'resource' | 'level' | 'paths' | 'decidedBy' | 'ifRemoved' | 'anyoneMayRead'
>
export type Path = Access['paths'][number]
export type Step = Path['steps'][number]

export function nameOfStep({ name, node }: Pick<Step, 'name' | 'node'>): string {
  return name ?? namelessOf(node)
}

/** The way in a few words, such as "by the group Platform on the project Payments". */
export function pathInShort({ via, steps }: Path): string {
  const [, first, second] = steps
  const name = (step: Step | undefined) => (step === undefined ? '' : nameOfStep(step))
  switch (via) {
    case 'direct':
      return 'directly'
    case 'group':
      return `by the group ${name(first)}`
    case 'project':
      return `by the project ${name(first)}`
    case 'project-group':
      return `by the group ${name(first)} on the project ${name(second)}`
    case 'workspace-owner':
      return 'as an owner of the workspace'
  }
}

/** What decides, and how many ways there are besides. */
export function pathsInShort({ paths, decidedBy }: Pick<Access, 'paths' | 'decidedBy'>): string {
  const deciding = paths[decidedBy[0] ?? 0]
  if (deciding === undefined) return 'by no way'
  const others = paths.length - 1
  if (others === 0) return pathInShort(deciding)
  return `${pathInShort(deciding)}, and ${others === 1 ? 'another way' : `${others} other ways`}`
}

/** How many ways there are, and how many of them give the level that counts. */
export function waysInWords({ paths, decidedBy, level }: Pick<Access, 'paths' | 'decidedBy' | 'level'>): string {
  if (paths.length === decidedBy.length)
    return paths.length === 1 ? `one, which gives ${level}` : `${paths.length}, all of which give ${level}`
  return `${paths.length}, of which ${decidedBy.length === 1 ? 'one gives' : `${decidedBy.length} give`} ${level}`
}

/** The way as a sentence that says each of its steps. */
export function pathSentence({ via, level, steps }: Path): string {
  const [person, first, second, third] = steps.map(nameOfStep)
  const heldOn = (index: number) => levelOf(steps[index]?.node ?? '') ?? level
  const counts = (index: number) => (heldOn(index) === level ? '' : ` On a repository that counts as ${level}.`)
  switch (via) {
    case 'direct':
      return `${person} directly holds ${level} on ${first}.`
    case 'group':
      return `${person} is in the group ${first}, which holds ${level} on ${second}.`
    case 'project':
      return `${person} holds ${heldOn(1)} on the project ${first}, which ${second} is in.${counts(1)}`
    case 'project-group':
      return `${person} is in the group ${first}, which holds ${heldOn(2)} on the project ${second}, which ${third} is in.${counts(2)}`
    case 'workspace-owner':
      return `${person} owns the workspace, and so administers everything in it.`
  }
}

/** What would be left without each assignment, what changes something first. */
export function ifRemovedSentences(access: Access): string[] {
  const names = new Map(
    access.paths.flatMap(({ steps }) => steps.map((step) => [resourceOf(step.node), nameOfStep(step)] as const)),
  )
  const name = (node: string) => names.get(resourceOf(node)) ?? namelessOf(node)
  const isLoss = ({ levelAfter }: Access['ifRemoved'][number]) => levelAfter !== access.level
  const ordered = [...access.ifRemoved].sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)))
  return ordered.map((removal) => {
    const what = assignmentInWords(removal.edge, name)
    if (!isLoss(removal)) return `If ${what} went, nothing would change: another way gives ${access.level} as well.`
    if (removal.levelAfter !== null) return `If ${what} went, ${removal.levelAfter} would be left.`
    return `If ${what} went, nothing would be left${access.anyoneMayRead ? ' but what anyone may read' : ''}.`
  })
}

function assignmentInWords(edge: string, name: (node: string) => string): string {
  const cut = edge.indexOf('|')
  const [holder, entitlement] = [edge.slice(0, cut), edge.slice(cut + 1)]
  const level = levelOf(entitlement)
  if (kindOf(entitlement) === 'group') return `the membership in ${name(entitlement)}`
  if (kindOf(entitlement) === 'workspace') return 'the ownership of the workspace'
  if (kindOf(holder) === 'group') return `what ${name(holder)} holds on ${name(entitlement)} (${level})`
  return `the direct ${level} on ${name(entitlement)}`
}

/** Since when the level is held by a way that is still there; null: since before anything that is known. */
export function heldSince({ paths, decidedBy }: Pick<Access, 'paths' | 'decidedBy'>): string | null {
  const times = decidedBy.map((index) => paths[index]?.since ?? null)
  return times.includes(null) ? null : (times.toSorted()[0] ?? null)
}
