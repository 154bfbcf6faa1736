import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the images carry: the services as the Dockerfile installs them, and the console, whose pages are made of its dependencies. */
export const shippedPackages = [
  '@clarity/connector-api',
  '@clarity/sync-worker',
  '@clarity/publisher',
  '@clarity/console',
] as const

const filters = shippedPackages.flatMap((name) => ['--filter-prod', `${name}...`])

/** What pnpm says of the dependencies that are shipped, or of all of the repository. @throws Error with what pnpm printed */
export function askPnpm(which: 'shipped' | 'all', args: readonly string[]): string {
  const whose = which === 'shipped' ? [...filters, ...args, '--prod'] : ['--recursive', ...args]
  const { status, stdout, stderr, error } = spawnSync('pnpm', whose, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1' },
  })
  if (error || status !== 0) throw new Error(`pnpm ${args.join(' ')} failed: ${stderr || stdout}`, { cause: error })
  return stdout
}
