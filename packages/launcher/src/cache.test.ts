import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheDir, installFolder } from './cache.ts'

let parent: string
let dir: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cache-test-'))
  dir = join(parent, 'deep', 'tool-1.0.0')
})

afterEach(() => rm(parent, { recursive: true }))

const write = (content: string) => (partialDir: string) => writeFile(join(partialDir, 'tool'), content)

test('installs once and leaves nothing beside it', async () => {
  await installFolder(dir, write('first'))
  await installFolder(dir, write('second'))
  expect(await readFile(join(dir, 'tool'), 'utf8')).toBe('first')
  expect(await readdir(join(parent, 'deep'))).toEqual(['tool-1.0.0'])
})

test('does not take the half of an interrupted install for whole', async () => {
  await mkdir(`${dir}.partial-abc123`, { recursive: true })
  await writeFile(join(`${dir}.partial-abc123`, 'tool'), 'half')
  await installFolder(dir, write('whole'))
  expect(await readFile(join(dir, 'tool'), 'utf8')).toBe('whole')
})

test('leaves nothing behind when the install fails', async () => {
  const failing = installFolder(dir, async (partialDir) => {
    await write('half')(partialDir)
    throw new Error('no network')
  })
  await expect(failing).rejects.toThrow('no network')
  expect(await readdir(join(parent, 'deep'))).toEqual([])
})

test('lets the first of two installs at the same time win', async () => {
  await installFolder(dir, async (partialDir) => {
    await write('slow')(partialDir)
    await installFolder(dir, write('fast'))
  })
  expect(await readFile(join(dir, 'tool'), 'utf8')).toBe('fast')
  expect(await readdir(join(parent, 'deep'))).toEqual(['tool-1.0.0'])
})

test.each([
  [{ CLARITY_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
  [{ CLARITY_CACHE_DIR: '', XDG_CACHE_HOME: '/x' }, '/x/clarity-bitbucket'],
])('finds the cache folder by %j', (env, expected) => {
  expect(cacheDir(env)).toBe(expected)
})
