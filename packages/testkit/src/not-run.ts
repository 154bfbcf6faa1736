import type { TestContext } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    notRunBecause?: string
  }
}

/** Ends a test that cannot run on this machine. `npm test` lists it with the reason; one skipped otherwise fails. */
export function notRun({ task, skip }: TestContext, because: string): never {
  task.meta.notRunBecause = because
  return skip(because)
}
