import { listCosts, Run, type Shape } from './run.ts'

/** One full sync after the other, each scope in its turn, with the whole budget; until every change of the week is told. */
export function runRoundRobin(shape: Shape, seed: number): Run {
  const run = new Run(shape, seed)
  while (!run.finished) {
    const startedAt = run.now
    for (const [list, requests] of Object.entries(listCosts(run.world))) run.read(list, requests)
    for (let project = 0; project < shape.projects; project++) run.read(`project/${project}`, 2)
    for (let repository = 0; repository < shape.repositories; repository++) run.read(`repository/${repository}`, 2)
    run.longestUnread = Math.max(run.longestUnread, run.now - startedAt)
  }
  return run
}
