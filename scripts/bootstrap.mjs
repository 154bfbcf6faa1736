// Runs a command of this repository on a machine that has only some Node (20 or newer) and npm:
//
//   node scripts/bootstrap.mjs demo|test|compose|chaos|scale|sbom|verify-evidence|rebuild|rotate-master-key|tail|bench [arguments for the command]
//
// It sees to the pinned Node and pnpm (kept in a cache folder), then to the dependencies, builds the console where the command
// shows it, and hands over.
// An install is made beside its place and renamed, so one that was interrupted is never taken for whole.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const commands = {
  demo: 'apps/demo/src/main.ts',
  test: 'scripts/test.ts',
  compose: 'scripts/compose.ts',
  chaos: 'scripts/chaos.ts',
  scale: 'scripts/scale.ts',
  sbom: 'scripts/sbom.ts',
  'verify-evidence': 'scripts/verify-evidence.ts',
  rebuild: 'services/publisher/src/rebuild.ts',
  'rotate-master-key': 'services/connector-api/src/rotate-master-key.ts',
  tail: 'packages/subscriber/src/cli/main.ts',
  bench: 'bench/main.ts',
}

/** Those that start the API with its pages. */
const withConsole = new Set(['demo', 'test'])

class SetupError extends Error {}

await main().catch((error) => {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exit(1)
})

async function main() {
  const [command, ...args] = process.argv.slice(2)
  if (!Object.hasOwn(commands, command ?? '')) {
    throw new SetupError(`Usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`)
  }
  if (majorOf(process.versions.node) < 20) {
    throw new SetupError(`This is Node ${process.versions.node}; install Node 20 or newer and run the command again.`)
  }
  const node = await ensureNode()
  const pnpm = await ensurePnpm()
  // This is the very pnpm that package.json names; it need not check that, for which it would ask the registry.
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', pnpm_config_pm_on_fail: 'ignore' }
  // A warning of Node about a timer of kafkajs, which does no harm and which nobody here can mend.
  env.NODE_OPTIONS = [env.NODE_OPTIONS, '--disable-warning=TimeoutNegativeWarning'].filter(Boolean).join(' ')
  env.PATH = [dirname(node), dirname(pnpm), env.PATH].join(delimiter)
  await ensureDependencies(pnpm, env)
  if (withConsole.has(command)) await buildConsole(env)
  const script = join(root, commands[command])
  if (!existsSync(script)) throw new SetupError(`${commands[command]} is missing: this checkout is not complete.`)
  process.exitCode = await handOver(node, [script, ...args], env)
}

/** Path of a Node that is new enough: the running one, or the pinned one. */
async function ensureNode() {
  if (majorOf(process.versions.node) >= 24) return process.execPath
  const version = readFileSync(join(root, '.node-version'), 'utf8').trim()
  return ensureNpmPackage('node', version, 'node_modules/node/bin/node')
}

/** Path of the pnpm that package.json names. */
function ensurePnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = /^pnpm@(\d+\.\d+\.\d+)/.exec(packageManager)?.[1]
  if (!version) throw new SetupError(`package.json names no exact pnpm version in "packageManager".`)
  return ensureNpmPackage('pnpm', version, 'node_modules/.bin/pnpm')
}

async function ensureNpmPackage(name, version, binary) {
  const place = join(cacheDir(), `${name}-${version}`)
  if (existsSync(join(place, binary))) return join(place, binary)
  await step(`${name} ${version}: installing`, async () => {
    mkdirSync(cacheDir(), { recursive: true })
    const partial = mkdtempSync(`${place}.partial-`)
    try {
      const options = ['--prefix', partial, '--silent', '--no-fund', '--no-audit', '--fetch-timeout=60000']
      await run('npm', ['install', ...options, `${name}@${version}`], { cwd: partial })
      if (!existsSync(join(partial, binary))) throw new SetupError(`npm put no ${binary} there.`)
      moveInto(partial, place, binary)
    } catch (error) {
      if (!(error instanceof SetupError)) throw error
      throw new SetupError(
        `${name} ${version} could not be installed from the npm registry.\n${error.message}\n` +
          `Check that npm works here (npm ping), or that ${cacheDir()} may be written, and run the command again.`,
      )
    } finally {
      rmSync(partial, { recursive: true, force: true })
    }
  })
  return join(place, binary)
}

function moveInto(partial, place, binary) {
  try {
    renameSync(partial, place)
  } catch (error) {
    // Another run that started at the same time was first: its install is as good.
    if (!existsSync(join(place, binary))) throw error
  }
}

async function ensureDependencies(pnpm, env) {
  const folders = workspaceFolders()
  const stamp = join(root, 'node_modules', '.bootstrap')
  const wanted = dependencyHash(folders)
  const present = folders.every((folder) => existsSync(join(root, folder, 'node_modules')))
  if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Dependencies: installing', async () => {
    // A folder made by another pnpm is replaced without a question: there may be nobody to answer it.
    const options = ['--frozen-lockfile', '--config.confirmModulesPurge=false']
    await run(pnpm, ['install', ...options], { cwd: root, env }).catch((error) => {
      throw new SetupError(
        `pnpm install --frozen-lockfile failed.\n${error.message}\n` +
          'If the lockfile is out of date, run pnpm install and commit it; else check the access to the npm registry.',
      )
    })
    writeFileSync(stamp, wanted)
  })
}

/** Turbo does it when something that it is made of has changed since, and takes what it has kept otherwise. */
async function buildConsole(env) {
  const turbo = join(root, 'node_modules', '.bin', 'turbo')
  const options = ['--filter=@clarity/console', '--output-logs=errors-only', '--ui=stream', '--no-update-notifier']
  await step('Console: building', async () => {
    await run(turbo, ['run', 'build', ...options], { cwd: root, env }).catch((error) => {
      throw new SetupError(`The console could not be built.\n${error.message}`)
    })
  })
}

/** The root and every folder that a `<parent>/*` pattern of pnpm-workspace.yaml finds. */
function workspaceFolders() {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const parents = [...workspace.matchAll(/^ +- ['"]?([\w-]+)\/\*['"]? *$/gm)].map((match) => match[1])
  const found = parents
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
  return ['.', ...found.sort()]
}

function dependencyHash(folders) {
  const hash = createHash('sha256')
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => join(folder, 'package.json'))]
  for (const file of files) {
    if (!existsSync(join(root, file))) throw new SetupError(`${file} is missing: this checkout is not complete.`)
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function cacheDir() {
  const { CLARITY_CACHE_DIR, XDG_CACHE_HOME } = process.env
  return CLARITY_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'clarity-bitbucket')
}

async function step(what, work) {
  const startedAt = performance.now()
  process.stdout.write(`${what} ... `)
  try {
    await work()
  } catch (error) {
    process.stdout.write('failed\n')
    throw error
  }
  process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
}

/** Runs a command quietly; when it fails, what it printed last is in the error. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    // Told to end, it ends by way of the failure of the command, which removes what is half done.
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    child.on('error', (error) => reject(new SetupError(`${command} could not be started: ${error.message}`)))
    child.on('close', (code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward)
      if (code === 0) resolve()
      else reject(new SetupError(output.trim().split('\n').slice(-20).join('\n') || `${command} ended with ${code}.`))
    })
  })
}

/** Runs the command in this terminal and gives its exit code. */
function handOver(node, args, env) {
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' })
  const inTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  // A terminal sends Ctrl-C to the child itself; sent twice, it would mean "now at once" there.
  process.on('SIGINT', () => inTerminal || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

function majorOf(version) {
  return Number(version.split('.')[0])
}
