import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStartScript } from './start-script.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-script-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = (manifest: unknown) => writeFile(join(folder, 'package.json'), JSON.stringify(manifest))

test('a service is started as its package.json says', async () => {
  await write({ scripts: { start: 'node --max-semi-space-size=2 src/main.ts' } })
  expect(await readStartScript(folder)).toEqual(['--max-semi-space-size=2', join(folder, 'src/main.ts')])
})

test.each([{}, { scripts: {} }, { scripts: { start: 'node' } }, { scripts: { start: 'tsx src/main.ts' } }, null])(
  '%j cannot be started',
  async (manifest) => {
    await write(manifest)
    await expect(readStartScript(folder)).rejects.toThrow(/cannot be started/)
  },
)
