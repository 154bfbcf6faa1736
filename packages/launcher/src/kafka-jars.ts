import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaunchError } from './errors.ts'

/** Name of a jar -> its SHA-256, as `sha256sum` writes them. */
export function parseChecksums(text: string): Map<string, string> {
  const checksums = new Map<string, string>()
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, checksum, name] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? []
    if (checksum === undefined || name === undefined) throw new LaunchError(`not a line of checksums: ${line}`)
    checksums.set(name, checksum)
  }
  return checksums
}

/** Throws a `LaunchError` that names every jar in `dir` which is missing, is not in the list, or differs from it. */
export async function verifyJars(dir: string, expected: ReadonlyMap<string, string>): Promise<void> {
  const present = await readdir(dir)
  const faults = [...expected.keys()].filter((name) => !present.includes(name)).map((name) => `${name}: missing`)
  for (const name of present) {
    const checksum = expected.get(name)
    if (checksum === undefined) faults.push(`${name}: not in the list`)
    else if (checksum !== (await sha256(join(dir, name)))) faults.push(`${name}: not the pinned content`)
  }
  if (faults.length > 0) throw new LaunchError(`The jars in ${dir} are not the pinned ones:\n  ${faults.join('\n  ')}`)
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
