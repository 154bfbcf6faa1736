import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { LaunchError } from './errors.ts'

/** Path of `command` in the folders of PATH, or undefined. */
export async function findCommand(command: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, command)
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (executable) return path
  }
  return undefined
}

/**
 * Path of `command`, on the PATH or in one of `folders`. When it is missing, root on Debian or Ubuntu gets it by apt, and `service`,
 * should the package have started one, is stopped; everybody else gets a `LaunchError` that names the packages.
 */
export async function ensureCommand(wanted: {
  command: string
  packages: readonly string[]
  service?: string
  /** Asked again after an installation. */
  folders?: () => readonly string[]
}): Promise<string> {
  const find = () =>
    findCommand(wanted.command, { PATH: [process.env.PATH, ...(wanted.folders?.() ?? [])].join(delimiter) })
  const found = await find()
  if (found) return found
  const packages = wanted.packages.join(' ')
  const missing = `${wanted.command} is not on this machine.`
  const remedy = `Install it: apt-get install ${packages} (Debian, Ubuntu), or the like, so that it is on the PATH.`
  if (process.getuid?.() !== 0 || !(await findCommand('apt-get'))) throw new LaunchError(missing, { remedy })
  await aptInstall(wanted.packages).catch((cause: unknown) => {
    throw new LaunchError(`${missing} apt-get could not install it.`, { remedy, cause })
  })
  // The server that the package may have started is not ours and nobody asked for it; in a container there is none.
  if (wanted.service) await runQuietly('service', [wanted.service, 'stop']).catch(() => {})
  const installed = await find()
  if (!installed) throw new LaunchError(`${missing} apt-get installed ${packages}, but it is not there.`, { remedy })
  return installed
}

async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runQuietly('apt-get', ['update', '-qq'], { env })
  await runQuietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
}

/** Runs a command to its end; when it fails, the error ends with what the command printed last. */
export function runQuietly(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output)
      const lastLines = output.trim().split('\n').slice(-20).join('\n')
      reject(new LaunchError(`${command} ${args[0] ?? ''} ended with ${signal ?? code}:\n${lastLines}`))
    })
  })
}
