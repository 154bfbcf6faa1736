import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, isListening } from './ports.ts'
import { type ProcessOptions, type RunningProcess, startProcess, stopAll } from './processes.ts'

const forever = 'setInterval(() => {}, 1000)'

/** Starts Node with `code`, which says "ready" when it is. */
async function start(code: string, options: Partial<ProcessOptions> = {}): Promise<RunningProcess> {
  const args = ['-e', code]
  const started = await startProcess({
    name: 'child',
    command: process.execPath,
    args,
    readyWhen: /^ready/,
    ...options,
  })
  onTestFinished(async () => {
    await started.kill()
  })
  return started
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('is ready when the line was printed, and stops by SIGTERM', async () => {
  const lines: string[] = []
  const code = `${forever}; process.on('SIGTERM', () => { console.log('bye'); process.exit(3) }); console.log('ready 1')`
  const child = await start(code, { onLine: (line) => lines.push(line) })
  expect(lines).toEqual(['ready 1'])
  expect(isAlive(child.pid)).toBe(true)
  expect(await child.stop()).toEqual({ code: 3, signal: null })
  expect(await child.exited).toEqual({ code: 3, signal: null })
  expect(lines).toEqual(['ready 1', 'bye'])
})

test('is ready when the question is answered with yes', async () => {
  const answers = [false, false, true]
  await start(forever, { readyWhen: async () => answers.shift() ?? true })
  expect(answers).toEqual([])
})

test('kills one that does not stop in time', async () => {
  const child = await start(`${forever}; process.on('SIGTERM', () => {}); console.log('ready')`)
  expect(await child.stop({ timeoutMs: 50 })).toEqual({ code: null, signal: 'SIGKILL' })
})

test('stops one that is paused', async () => {
  const child = await start(`${forever}; console.log('ready')`)
  child.pause()
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' })
})

test('a paused process goes on when resumed', async () => {
  const child = await start(
    `process.on('SIGTERM', () => process.exit(7)); process.stdout.write('ready\\n', () => { ${forever} })`,
  )
  child.pause()
  process.kill(child.pid, 'SIGTERM')
  child.resume()
  expect(await child.exited).toEqual({ code: 7, signal: null })
})

test('killing takes what the process started with it', async () => {
  const child = await start(`
    const { spawn } = require('node:child_process')
    spawn(process.execPath, ['-e', "console.log('ready'); ${forever}"], { stdio: 'inherit' })`)
  // The process that said "ready" holds the output open, so this settles only when that one has ended too.
  expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' })
})

test('starts again after it was killed', async () => {
  const child = await start(`${forever}; console.log('ready')`)
  const { pid } = child
  await child.kill()
  await child.restart()
  expect(child.pid).not.toBe(pid)
  expect(isAlive(child.pid)).toBe(true)
})

test('says the last lines of one that ends before it is ready', async () => {
  const failing = start(`console.log('starting'); console.error('no such database'); process.exitCode = 4`)
  await expect(failing).rejects.toThrow(/^child ended with 4, not ready[\s\S]*no such database/)
})

test('says the last lines of one that is not ready in time, and leaves nothing running', async () => {
  let pid = 0
  const onLine = (line: string) => {
    pid = Number(line)
  }
  const failing = start(`${forever}; console.log(process.pid)`, { readyTimeoutMs: 500, onLine })
  await expect(failing).rejects.toThrow(/not ready after 500 ms[\s\S]*\d+$/)
  expect(isAlive(pid)).toBe(false)
})

test('says which command could not be started', async () => {
  await expect(start('', { command: '/no/such/command' })).rejects.toThrow('/no/such/command')
})

test('writes the output to the log file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'process-test-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const logFile = join(dir, 'child.log')
  const child = await start(`console.log('ready'); console.error('oops')`, { logFile })
  await child.exited
  await expect.poll(() => readFile(logFile, 'utf8')).toMatch(/^(ready\noops|oops\nready)\n$/)
})

test('children end with the process that started them', async () => {
  const port = await freePort()
  const inner = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('ready'))`
  const outer = await start('', {
    args: [
      '--input-type=module',
      '-e',
      `import { startProcess } from '${new URL('./processes.ts', import.meta.url)}'
      const args = ['-e', ${JSON.stringify(inner)}]
      await startProcess({ name: 'inner', command: process.execPath, args, readyWhen: /ready/ })
      console.log('ready')`,
    ],
  })
  expect(await isListening({ port })).toBe(true)
  process.kill(outer.pid, 'SIGTERM')
  expect(await outer.exited).toEqual({ code: 143, signal: null })
  await expect.poll(() => isListening({ port })).toBe(false)
})

test('stops all, the last one first, also when one fails', async () => {
  const stopped: string[] = []
  const fake = (name: string, error?: Error) => ({
    async stop() {
      stopped.push(name)
      if (error) throw error
    },
  })
  const failing = stopAll([fake('redis'), fake('kafka', new Error('stuck')), fake('api')])
  await expect(failing).rejects.toThrow(AggregateError)
  expect(stopped).toEqual(['api', 'kafka', 'redis'])
})
