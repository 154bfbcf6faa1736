import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Folder for what is downloaded once per machine: `CLARITY_CACHE_DIR`, else `clarity-bitbucket` in the user's cache. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.CLARITY_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clarity-bitbucket')
}

/**
 * Makes `dir` exist with all that `fill` puts in, or not at all: `fill` gets a folder beside it, which is renamed when
 * `fill` is done. An existing `dir` is left as it is. When two processes install at once, the first to finish wins.
 */
export async function installFolder(dir: string, fill: (partialDir: string) => Promise<void>): Promise<void> {
  if (existsSync(dir)) return
  await mkdir(dirname(dir), { recursive: true })
  const partialDir = await mkdtemp(`${dir}.partial-`)
  try {
    await fill(partialDir)
    await rename(partialDir, dir).catch((error: unknown) => {
      if (!existsSync(dir)) throw error
    })
  } finally {
    await rm(partialDir, { recursive: true, force: true })
  }
}
