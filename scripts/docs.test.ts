import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderConfiguration } from './configuration.ts'
import { generatedFiles } from './generated.ts'
import { services } from './services.ts'

const root = new URL('../', import.meta.url)
const files = await generatedFiles()

test.each([...files])('%s is what the code says; if not, run pnpm run docs', (path, text) => {
  expect(readFileSync(new URL(path, root), 'utf8')).toBe(text)
})

test('schemas/ holds nothing else; if it does, run pnpm run docs', () => {
  const found = readdirSync(new URL('schemas/', root)).map((name) => `schemas/${name}`)
  const expected = [...files.keys()].filter((path) => path.startsWith('schemas/'))
  expect(found.toSorted()).toEqual([...expected, 'schemas/released'].toSorted())
})

test('every variable of every service is described', () => {
  const page = renderConfiguration(services)
  for (const { variables } of services) {
    for (const [name, { description }] of Object.entries(variables)) {
      expect(page).toContain(`| \`${name}\` |`)
      expect(description).not.toBe('')
    }
  }
})
