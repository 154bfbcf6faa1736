import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaunchError } from './errors.ts'

/**
 * What Node is called with to start the service in `folder`, by its own `start` script, whose last word is the file:
 * `node --flag src/main.ts` gives `--flag` and the whole path of that file.
 *
 * @throws LaunchError when there is no such script
 */
export async function readStartScript(folder: string): Promise<string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const [node, ...args] = startOf(manifest).split(' ')
  const file = args.pop()
  if (node === 'node' && file !== undefined) return [...args, join(folder, file)]
  throw new LaunchError(`${folder} cannot be started`, {
    remedy: 'Its package.json needs a script "start": "node <flags> <file>".',
  })
}

function startOf(manifest: unknown): string {
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest)) return ''
  const { scripts } = manifest
  if (typeof scripts !== 'object' || scripts === null || !('start' in scripts)) return ''
  return typeof scripts.start === 'string' ? scripts.start : ''
}
