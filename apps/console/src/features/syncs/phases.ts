import type { Sync } from '../../api/queries.ts'

type Phase = Sync['progress']['phases'][number]

const names: Readonly<Record<Phase['phase'], string>> = {
  workspace: 'Workspace',
  members: 'People and roles',
  groups: 'Groups',
  projects: 'Projects',
  repositories: 'Repositories',
  'project-permissions': 'Project permissions',
  'effective-permissions': 'Effective permissions, for signs of change',
  'repository-permissions': 'Repository permissions',
}

export interface ShownPhase {
  readonly phase: Phase['phase']
  readonly name: string
  readonly state: 'done' | 'running' | 'to-come'
  readonly done: number
  /** In scopes; null: not counted yet. */
  readonly total: number | null
}

/**
 * The phases that a sync has had, is in, and will have. A full one and a preview have all but the effective permissions, which
 * incremental ones alone read; of the others only those are known that have begun.
 */
export function phasesOf(sync: Pick<Sync, 'kind' | 'state' | 'progress'>): ShownPhase[] {
  const isOver = sync.state !== 'requested' && sync.state !== 'running'
  const hasBegun = ({ done, total }: Phase) => total !== null || done > 0
  const isWhole = sync.kind === 'full' || sync.kind === 'preview'
  const expected = (phase: Phase) => !isOver && isWhole && phase.phase !== 'effective-permissions'
  let isBefore = sync.state === 'running'
  return sync.progress.phases
    .filter((phase) => hasBegun(phase) || expected(phase))
    .map((phase) => {
      const { done, total } = phase
      const isDone = total !== null && done >= total
      const state = isDone ? 'done' : isBefore ? 'running' : 'to-come'
      if (state === 'running') isBefore = false
      return { phase: phase.phase, name: names[phase.phase], state, done, total }
    })
}

/** How many scopes are done, of how many; the latter null until all lists are counted. To see the workspace is none. */
export function scopesOf(shown: readonly ShownPhase[]): { readonly done: number; readonly total: number | null } {
  const phases = shown.filter(({ phase }) => phase !== 'workspace')
  const done = phases.reduce((sum, phase) => sum + phase.done, 0)
  const total = phases.reduce<number | null>(
    (sum, phase) => (sum === null || phase.total === null ? null : sum + phase.total),
    0,
  )
  return { done, total }
}

/** Such as "120 of 900", "counting", "to come". */
export function sayPhase({ state, done, total }: ShownPhase, format: (count: number) => string): string {
  if (total === null) return state === 'running' ? 'counting' : 'to come'
  return state === 'done' && total <= 1 ? 'done' : `${format(done)} of ${format(total)}`
}
