import { readdirSync, readFileSync } from 'node:fs'
import { bitbucketErrors } from '@clarity/bitbucket/error-table'
import {
  inputProblems,
  otherProblems,
  validationProblems,
  validationWarnings,
} from '@clarity/shared/runtime/problem-table'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const dependencies = ['redis', 'kafka', 'token-issuer', 'access-view']

const told = { ...inputProblems, ...validationProblems, ...validationWarnings }

test.each(Object.keys(told))('the problem %s is answered somewhere', (code) => {
  expect(sources().filter((text) => text.includes(`'${code}'`))).not.toEqual([])
})

test('a dependency that is away has a problem of its own', () => {
  for (const code of Object.keys(otherProblems)) {
    if (code !== 'internal') expect(dependencies.map((name) => `${name}-unavailable`)).toContain(code)
  }
})

test('no problem of ours has the code of one of Bitbucket', () => {
  for (const code of Object.keys({ ...told, ...otherProblems })) expect(bitbucketErrors).not.toHaveProperty(code)
})

/** Where problems are made: not the table itself, and no tests. */
function sources(): string[] {
  const stores = ['packages/shared/src/store/', 'packages/access-view/src/']
  const folders = ['services/connector-api/src/', 'packages/bitbucket/src/', ...stores]
  return folders.flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(folder + name, root), 'utf8')),
  )
}
