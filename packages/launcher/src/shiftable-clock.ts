import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCommand } from './commands.ts'

/**
 * Clocks of processes that jump while these run: what time it is for a process, an added library says, from a file that it looks at
 * once a second. Nothing in the process knows of it. Timers go on as they were: only the time of day jumps.
 */
export interface ShiftableClocks {
  /** What a process of this name must have in its environment. */
  environmentOf(name: string): Record<string, string>
  /** Puts the clock of a process ahead by so many seconds, or back. */
  shift(name: string, seconds: number): Promise<void>
}

/** After so long a process has seen that its clock was shifted. */
export const shiftSeenMs = 1_500

/** Clocks for the named processes, each set right. Throws a `LaunchError` where libfaketime cannot be had. */
export async function createShiftableClocks(dir: string, names: readonly string[]): Promise<ShiftableClocks> {
  await ensureCommand({ command: 'faketime', packages: ['faketime'] })
  await mkdir(dir, { recursive: true })
  const fileOf = (name: string) => join(dir, name)
  const shift = async (name: string, seconds: number) => {
    // At once, or the process might find half of it.
    await writeFile(`${fileOf(name)}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`)
    await rename(`${fileOf(name)}.next`, fileOf(name))
  }
  for (const name of names) await shift(name, 0)
  return {
    environmentOf: (name) => ({
      // The linker puts the folder of this machine's libraries in the place of $LIB.
      LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
      FAKETIME_TIMESTAMP_FILE: fileOf(name),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    }),
    shift,
  }
}
