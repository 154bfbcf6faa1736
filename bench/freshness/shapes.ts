import type { Shape } from './run.ts'

const first: Shape = {
  members: 2_000,
  projects: 200,
  repositories: 5_000,
  usersPerRepository: 30,
  requestsPerHour: 1_000,
}

/** The workspaces that are measured. */
export const shapes = {
  first,
  few: { members: 500, projects: 20, repositories: 200, usersPerRepository: 50, requestsPerHour: 1_000 },
  everybody: { ...first, usersPerRepository: null },
  three: { ...first, requestsPerHour: 3_000 },
} satisfies Record<string, Shape>

export const shapeNames: Readonly<Record<keyof typeof shapes, string>> = {
  first: 'The first shape',
  few: 'Few repositories',
  everybody: 'Everybody reads everything',
  three: 'Three consumers',
}
