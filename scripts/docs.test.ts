import { readFileSync } from 'node:fs'
import { renderErrors } from '@clarity/bitbucket/error-table'
import { expect, test } from 'vitest'
import { renderConfiguration } from './configuration.ts'
import { services } from './services.ts'

test('docs/configuration.md is what the schemas say; if not, run pnpm run docs', () => {
  const written = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')
  expect(written).toBe(renderConfiguration(services))
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

test('docs/bitbucket-errors.md is what the table of errors says; if not, run pnpm run docs', () => {
  const written = readFileSync(new URL('../docs/bitbucket-errors.md', import.meta.url), 'utf8')
  expect(written).toBe(renderErrors())
})
