import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseChecksums, verifyJars } from './jars.ts'
import { kafkaVersion } from './kafka.ts'

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
const expected = new Map([
  ['a.jar', sha256('a')],
  ['b.jar', sha256('b')],
])

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'jars-test-'))
  await writeFile(join(dir, 'a.jar'), 'a')
  await writeFile(join(dir, 'b.jar'), 'b')
})

afterEach(() => rm(dir, { recursive: true }))

test('accepts the pinned jars', async () => {
  await verifyJars(dir, expected)
})

test('names the jar whose content is another', async () => {
  await writeFile(join(dir, 'b.jar'), 'B')
  await expect(verifyJars(dir, expected)).rejects.toThrow(/b\.jar: not the pinned content$/)
})

test('names the missing and the extra jar', async () => {
  await rm(join(dir, 'a.jar'))
  await writeFile(join(dir, 'c.jar'), 'c')
  await expect(verifyJars(dir, expected)).rejects.toThrow(/a\.jar: missing\n {2}c\.jar: not in the list$/)
})

test('refuses a list with a line it does not understand', () => {
  expect(() => parseChecksums(`${sha256('a')}  a.jar\nabc  b.jar\n`)).toThrow('abc  b.jar')
})

test('pins the version that is started', async () => {
  const pinned = parseChecksums(await readFile(new URL('../kafka/kafka.sha256', import.meta.url), 'utf8'))
  expect([...pinned.keys()]).toContain(`kafka_2.13-${kafkaVersion}.jar`)
})
