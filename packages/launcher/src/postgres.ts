import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ensureCommand, runQuietly } from './commands.ts'
import { LaunchError } from './errors.ts'
import { freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './processes.ts'

/** A PostgreSQL server of our own; `restart()` keeps port and data. */
export interface RunningPostgres {
  readonly process: RunningProcess
  readonly port: number
  /** As its superuser, in the database `postgres`. */
  readonly url: string
}

/** Where Debian and Ubuntu put the servers, one folder for each version, and not on the PATH. */
const debianFolder = '/usr/lib/postgresql'

/** Folder of `postgres` and `initdb`; installs them where it can, else throws a `LaunchError` that says what to install. */
export async function ensurePostgresServer(): Promise<string> {
  const command = await ensureCommand({
    command: 'initdb',
    packages: ['postgresql'],
    service: 'postgresql',
    folders: debianFolders,
  })
  return dirname(command)
}

/** The newest first. */
function debianFolders(): string[] {
  if (!existsSync(debianFolder)) return []
  const versions = readdirSync(debianFolder).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(debianFolder, version, 'bin'))
}

/**
 * Starts PostgreSQL at 127.0.0.1, for whoever is on this machine: it asks for no password. Data and `postgres.log` are in `dir`. With
 * `durable: false` a crash of the machine may cost what was written last, and everything is faster.
 */
export async function startPostgres(options: {
  dir: string
  port?: number
  durable?: boolean
}): Promise<RunningPostgres> {
  const { dir, durable = true } = options
  const folder = await ensurePostgresServer()
  const port = options.port ?? (await freePort())
  const data = join(dir, 'data')
  await mkdir(dir, { recursive: true })
  const as = await unprivileged(dir)
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const [command = '', ...args] = [...as, join(folder, 'initdb')]
    const encoding = ['--encoding', 'UTF8', '--locale', 'C']
    await runQuietly(command, [...args, '-D', data, '-U', 'postgres', '--auth', 'trust', '--no-sync', ...encoding])
  }
  const lasting = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  const [command = '', ...args] = [...as, join(folder, 'postgres')]
  const process = await startProcess({
    name: 'postgres',
    command,
    args: [...args, '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', ...lasting],
    cwd: dir,
    logFile: join(dir, 'postgres.log'),
    readyWhen: /database system is ready to accept connections/,
  })
  return { process, port, url: `postgres://postgres@127.0.0.1:${port}/postgres` }
}

/**
 * PostgreSQL does not run as root: then it is started as the user that its package has made, and the folder is given to that one.
 * @returns what goes before the command
 */
async function unprivileged(dir: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return []
  const [uid, gid] = await findUser('postgres')
  await chown(dir, uid, gid)
  return [await ensureCommand({ command: 'setpriv', packages: ['util-linux'] }), ...toIds(uid, gid)]
}

function toIds(uid: number, gid: number): string[] {
  return ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
}

async function findUser(name: string): Promise<readonly [number, number]> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((each) => each.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid !== undefined && gid !== undefined) return [Number(uid), Number(gid)]
  throw new LaunchError(`PostgreSQL does not run as root, and there is no user ${name}.`, {
    remedy: `Make one: useradd --system ${name}. Debian's package does so.`,
  })
}
