import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDir, installFolder } from './cache.ts'
import { ensureCommand, runQuietly } from './commands.ts'
import { LaunchError } from './errors.ts'

/** Jars that Maven downloads once per machine. */
export interface WantedJars {
  /** Of the folder in the cache, and in messages. */
  readonly name: string
  /** Of Kafka; the pom takes it as `kafka.version`. */
  readonly version: string
  /** The file that says which. */
  readonly pom: string
  /** The file that pins every one of them, as `sha256sum` writes it. */
  readonly checksums: string
}

/**
 * The folder with the jars, downloaded by Maven into the cache folder where they are missing, each checked against its
 * pinned checksum, also when they were there. Throws a `LaunchError` that says which jar is not the pinned one.
 */
export async function ensureJars(wanted: WantedJars): Promise<string> {
  const list = await readFile(wanted.checksums, 'utf8')
  const expected = parseChecksums(list)
  // Another list is another folder: a machine that has the old jars gets the new ones.
  const digest = createHash('sha256').update(list).digest('hex').slice(0, 8)
  const dir = join(cacheDir(), `${wanted.name}-${wanted.version}-${digest}`)
  await installFolder(dir, async (partialDir) => {
    await downloadJars(wanted, partialDir)
    await verifyJars(partialDir, expected)
  })
  await verifyJars(dir, expected).catch((cause: unknown) => {
    const remedy = `Remove ${dir}; the next start downloads it again.`
    throw cause instanceof LaunchError ? new LaunchError(cause.message, { remedy }) : cause
  })
  return dir
}

async function downloadJars({ name, version, pom }: WantedJars, dir: string): Promise<void> {
  const maven = await ensureCommand({ command: 'mvn', packages: ['maven'] })
  const options = ['--batch-mode', '--quiet', '-Dstyle.color=never', '--file', pom, `-Dkafka.version=${version}`]
  await runQuietly(maven, [...options, 'dependency:copy-dependencies', `-DoutputDirectory=${dir}`]).catch((cause) => {
    throw new LaunchError(`Maven could not download ${name} ${version}. ${cause.message}`, {
      remedy: 'Check that Maven reaches its repository, or a mirror of it (settings.xml), and start again.',
      cause,
    })
  })
}

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
