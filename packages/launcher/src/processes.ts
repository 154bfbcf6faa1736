// Processes that are started, watched and ended from here.
//
// Each leads a process group of its own: Ctrl-C in the terminal reaches only the launcher, which ends its children in
// order, and a signal for a child reaches what that child started too. Children die with the launcher, unless it dies
// by SIGKILL: then nothing of it runs any more.

import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { LaunchError } from './errors.ts'

export interface ProcessOptions {
  readonly name: string
  readonly command: string
  readonly args?: readonly string[]
  /** The whole environment; without it the child gets the launcher's. */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Standard output and error are appended to this file. */
  readonly logFile?: string
  readonly onLine?: (line: string) => void
  /** What makes it ready: a line of its output that matches, or a question asked again and again until it is true. */
  readonly readyWhen?: RegExp | (() => Promise<boolean>)
  readonly readyTimeoutMs?: number
}

export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProcess extends AsyncDisposable {
  readonly name: string
  /** Of the run that is on, or of the last one. */
  readonly pid: number
  /** Settles when the present run ends; it never rejects. After `restart` it is another promise. */
  readonly exited: Promise<ProcessExit>
  /** SIGTERM, then SIGKILL after `timeoutMs` (10 s). Nothing to do when it has ended. */
  stop(options?: { timeoutMs?: number }): Promise<ProcessExit>
  /** SIGKILL. */
  kill(): Promise<ProcessExit>
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Ends the present run, if it is still on, and starts another one with the same options. */
  restart(): Promise<void>
}

/**
 * Starts a process and waits until it is ready. Throws a `LaunchError` with its last lines when it cannot be started,
 * ends before it is ready, or is not ready after `readyTimeoutMs` (30 s); nothing of it is left running then.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  let run = await startRun(options)
  const stop = async (stopOptions: { timeoutMs?: number } = {}) => {
    signalGroup(run.child, 'SIGTERM')
    // A paused process sees the SIGTERM only when it goes on.
    signalGroup(run.child, 'SIGCONT')
    const timer = setTimeout(() => signalGroup(run.child, 'SIGKILL'), stopOptions.timeoutMs ?? 10_000)
    return run.exited.finally(() => clearTimeout(timer))
  }
  return {
    name: options.name,
    get pid() {
      return run.pid
    },
    get exited() {
      return run.exited
    },
    stop,
    kill() {
      signalGroup(run.child, 'SIGKILL')
      return run.exited
    },
    pause() {
      signalGroup(run.child, 'SIGSTOP')
    },
    resume() {
      signalGroup(run.child, 'SIGCONT')
    },
    async restart() {
      await stop()
      run = await startRun(options)
    },
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

/** Stops all, the last started first, also when one of them fails; then throws what failed. */
export async function stopAll(running: readonly { stop(): Promise<unknown> }[]): Promise<void> {
  const errors: unknown[] = []
  for (const each of running.toReversed()) await each.stop().catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw new AggregateError(errors, 'not all processes could be stopped')
}

interface Run {
  readonly child: ChildProcess
  readonly pid: number
  readonly exited: Promise<ProcessExit>
}

async function startRun(options: ProcessOptions): Promise<Run> {
  const { name, command, args = [], env, cwd } = options
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = readLines(child, options)
  const ended = new AbortController()
  const exited = watchExit(child).finally(() => ended.abort())
  const started = Promise.withResolvers<void>()
  child.once('spawn', started.resolve)
  child.once('error', started.reject)
  await started.promise.catch((cause: unknown) => {
    throw new LaunchError(`${name} could not be started: ${command}`, { cause })
  })
  const { pid } = child
  if (pid === undefined) throw new LaunchError(`${name} has no process id: ${command}`)

  const readyTimeoutMs = options.readyTimeoutMs ?? 30_000
  const timeout = AbortSignal.timeout(readyTimeoutMs)
  const outcome = await waitUntilReady(options.readyWhen, lines.matched, AbortSignal.any([ended.signal, timeout]))
  if (outcome === 'ready') return { child, pid, exited }
  if (!ended.signal.aborted) signalGroup(child, 'SIGKILL')
  const { code, signal } = await exited
  const what = timeout.aborted ? `was not ready after ${readyTimeoutMs} ms` : `ended with ${signal ?? code}, not ready`
  throw new LaunchError([`${name} ${what}. Its last lines:`, ...lines.last].join('\n'))
}

/** Passes the lines of the output on, and keeps the last ones. */
function readLines(child: ChildProcess, { logFile, onLine, readyWhen }: ProcessOptions) {
  const last: string[] = []
  const matched = Promise.withResolvers<void>()
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' })
  // A log that cannot be written (disk full) must not end the process that it tells of.
  log?.on('error', () => {})
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue
    createInterface({ input }).on('line', (line) => {
      last.push(line)
      if (last.length > 20) last.shift()
      log?.write(`${line}\n`)
      onLine?.(line)
      if (readyWhen instanceof RegExp && readyWhen.test(line)) matched.resolve()
    })
  }
  child.once('close', () => log?.end())
  return { last, matched: matched.promise }
}

/** Waits until the process has ended and all its output was read. */
function watchExit(child: ChildProcess): Promise<ProcessExit> {
  groups.add(child)
  watchOwnEnd()
  // What it started and left behind would hold its output open.
  child.once('exit', () => signalGroup(child, 'SIGKILL', { left: true }))
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      groups.delete(child)
      resolve({ code, signal })
    })
  })
}

async function waitUntilReady(
  readyWhen: ProcessOptions['readyWhen'],
  matched: Promise<void>,
  signal: AbortSignal,
): Promise<'ready' | 'not ready'> {
  if (readyWhen === undefined) return 'ready'
  if (readyWhen instanceof RegExp) {
    const aborted = new Promise<'not ready'>((resolve) => {
      if (signal.aborted) resolve('not ready')
      signal.addEventListener('abort', () => resolve('not ready'), { once: true })
    })
    return Promise.race([matched.then(() => 'ready' as const), aborted])
  }
  while (!signal.aborted) {
    if (await readyWhen()) return signal.aborted ? 'not ready' : 'ready'
    await delay(25, undefined, { signal }).catch(() => {})
  }
  return 'not ready'
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals, { left = false } = {}): void {
  const ended = child.exitCode !== null || child.signalCode !== null
  if (child.pid === undefined || (ended && !left)) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // The group has ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

// The children that are alive belong to this process, as its listeners for signals do; hence one list for the module.
const groups = new Set<ChildProcess>()
let watching = false

function watchOwnEnd(): void {
  if (watching) return
  watching = true
  process.on('exit', () => {
    for (const child of groups) signalGroup(child, 'SIGKILL')
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Without this listener the signal would end the process, and 'exit' would not happen.
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal])
    })
  }
}
