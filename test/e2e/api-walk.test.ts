import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureCommand } from '@clarity/launcher/commands'
import { callJson } from '@clarity/launcher/http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operatorKey, workspace } from './scenario.ts'
import { testSystem } from './system.ts'
import { isPrinted, parseSteps, Shell } from './walk.ts'

/** What docs/api.md shows is what a caller gets: its commands run as they are written, in order, on a whole system. */
const { acme } = await testSystem()
const root = new URL('../../', import.meta.url)
const page = await readFile(new URL('docs/api.md', root), 'utf8')
const steps = parseSteps(page).map((step, index) => ({ ...step, name: `${index + 1}. ${step.heading}` }))
const dir = await mkdtemp(join(tmpdir(), 'clarity-walk-'))
const { key, secret } = workspace.consumer
const shell = new Shell(dir, { API: acme.url, OPERATOR_KEY: operatorKey, BITBUCKET_KEY: key, BITBUCKET_SECRET: secret })
beforeAll(async () => {
  for (const command of ['curl', 'openssl', 'jq']) await ensureCommand({ command, packages: [command] })
  // What was told before the view is there it knows from the state topic alone, and then not since when.
  while (JSON.stringify((await acme.call('/readyz')).body) !== '{"status":"ok"}') await delay(100)
})
afterAll(async () => {
  await shell[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

describe('the walk of docs/api.md', () => {
  test('has steps', () => {
    expect(steps.length).toBeGreaterThan(20)
  })

  test.each(steps)('$name', async ({ commands, prints }) => {
    const printed = await shell.run(commands)
    if (!isPrinted(printed, prints)) expect(printed).toBe(prints)
  })
})

test('the description of the running API is the one in schemas/', async () => {
  const { body } = await callJson(`${acme.url}/openapi.json`)
  expect(body).toEqual(JSON.parse(await readFile(new URL('schemas/openapi.json', root), 'utf8')))
})

describe('whoever judges the walk', () => {
  test('takes each block of commands with the block that follows it', () => {
    const text =
      '# A\n```sh\none\n```\n```\n1\n```\n## B\n```sh\ntwo\n```\n```json\n{}\n```\n```\nno\n```\n```sh\nthree\n```\n'
    expect(parseSteps(text)).toEqual([
      { heading: 'A', commands: 'one\n', prints: '1' },
      { heading: 'B', commands: 'two\n', prints: '' },
      { heading: 'B', commands: 'three\n', prints: '' },
    ])
  })

  test.each([
    ['a\nb', 'a\nb', true],
    ['a\nb\n', 'a\nb', true],
    ['a', 'a\nb', false],
    ['a\nb', 'a', false],
    ['', '', true],
    ['a', '', false],
    ['key_1 made', 'key_... made', true],
    ['key_1 gone', 'key_... made', false],
    ['a.b', 'a?b', false],
    ['1\n2\nend', '...\nend', true],
    ['end', '...\nend', true],
    ['1\n2', '...\nend', false],
    ['', '...', true],
  ])('holds %j against %j', (text, prints, expected) => {
    expect(isPrinted(text, prints)).toBe(expected)
  })

  test('sees a command that fails, also in the middle of a pipe, and goes no further', async () => {
    await using bash = new Shell(dir, {})
    expect((await bash.run('A=1; echo one')).trim()).toBe('one')
    expect((await bash.run('echo "$A"')).trim()).toBe('1')
    await expect(bash.run('echo before; echo oh >&2; false | cat; echo after')).rejects.toThrow(
      /ended with 1.*before.*oh/s,
    )
    await expect(bash.run('echo more')).rejects.toThrow(/ended/)
  })
})
