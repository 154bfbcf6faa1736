import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findViolations } from './import-rules.ts'
import { parseImports, type WorkspacePackage } from './imports.ts'
import { readWorkspace } from './workspace.ts'

test('the workspace keeps the rules', () => {
  const { files, packages } = readWorkspace(fileURLToPath(new URL('../../..', import.meta.url)))
  expect(files.map((file) => file.path)).toContain('packages/testkit/src/import-rules.ts')
  expect(packages.map((each) => each.name)).toContain('@clarity/testkit')
  expect(findViolations(files, packages)).toEqual([])
})

function makePackage(name: string, folder: string, rest: Partial<WorkspacePackage> = {}): WorkspacePackage {
  return { name, folder, exports: { './*': './src/*.ts' }, dependencies: [], devDependencies: [], ...rest }
}

const shared = ['contract', 'access', 'store', 'runtime'].map((each) => [`./${each}/*`, `./src/${each}/*.ts`])
const everything = ['zod', 'pino', '@clarity/shared', '@clarity/testkit', '@clarity/worker', '@clarity/bitbucket']
const packages = [
  makePackage('root', '', { devDependencies: ['vitest'] }),
  makePackage('@clarity/shared', 'packages/shared/', {
    exports: Object.fromEntries(shared),
    dependencies: ['zod', 'pino'],
    devDependencies: ['vitest', '@clarity/testkit'],
  }),
  makePackage('@clarity/testkit', 'packages/testkit/', { dependencies: ['vitest', '@clarity/shared'] }),
  makePackage('@clarity/bitbucket', 'packages/bitbucket/', {
    exports: { '.': './src/index.ts' },
    dependencies: everything,
  }),
  makePackage('@clarity/bitbucket-simulator', 'packages/bitbucket-simulator/', { dependencies: everything }),
  makePackage('@clarity/subscriber', 'packages/subscriber/', { dependencies: everything }),
  makePackage('@clarity/launcher', 'packages/launcher/', { dependencies: everything }),
  makePackage('@clarity/console', 'apps/console/', { dependencies: everything, devDependencies: ['vite'] }),
  makePackage('@clarity/api', 'services/api/', { dependencies: everything }),
  makePackage('@clarity/worker', 'services/worker/', { dependencies: [] }),
]

const check = (path: string, text: string) => findViolations([{ path, text }], packages)

test.each([
  ['packages/shared/src/contract/a.ts', "import { z } from 'zod'\nimport { b } from './b.ts'"],
  ['packages/shared/src/contract/a.test.ts', "import { test } from 'vitest'\nimport { x } from '../store/x.ts'"],
  ['packages/shared/src/access/a.ts', "import type { B } from '../contract/b.ts'"],
  ['packages/shared/src/store/a.ts', "import { b } from '../runtime/b.ts'\nimport { join } from 'node:path'"],
  ['packages/shared/src/store/a.redis.test.ts', "import { testRedis } from '@clarity/testkit/redis'"],
  ['packages/bitbucket/src/a.ts', "import { b } from '@clarity/shared/runtime/b'"],
  ['packages/bitbucket/src/index.ts', "export { a } from './a.ts'"],
  ['packages/testkit/src/oracles/a.ts', "import { b } from './b.ts'"],
  ['apps/console/src/a.tsx', "import { b } from '@clarity/shared/access/b'"],
  ['services/api/src/a.ts', "import { b } from '@clarity/shared/store/b'\nimport { c } from './routes/c.ts'"],
  ['vitest.config.ts', "import { defineConfig } from 'vitest/config'"],
  ['apps/console/vite.config.ts', "import { defineConfig } from 'vite'"],
])('allows %s: %s', (path, text) => {
  expect(check(path, text)).toEqual([])
})

test.each([
  ['packages/shared/src/contract/a.ts', "import { b } from '../access/b.ts'", 'may not be imported'],
  ['packages/shared/src/contract/a.ts', "import { join } from 'node:path'", 'may not be imported'],
  ['packages/shared/src/contract/a.ts', "import pino from 'pino'", 'may not be imported'],
  ['packages/shared/src/access/a.ts', "import { b } from '../runtime/b.ts'", 'may not be imported'],
  ['packages/shared/src/access/a.ts', "import { z } from 'zod'", 'may not be imported'],
  ['packages/shared/src/runtime/a.ts', "import { b } from '@clarity/shared/contract/b'", 'may not be imported'],
  ['packages/bitbucket/src/a.ts', "import { b } from '@clarity/shared/store/b'", 'may not be imported'],
  ['packages/bitbucket-simulator/src/a.ts', "import { b } from '@clarity/bitbucket'", 'may not be imported'],
  ['packages/testkit/src/oracles-access.ts', "import { b } from '@clarity/shared/access/b'", 'may not be imported'],
  ['packages/testkit/src/oracles/a.ts', "import { b } from '../redis.ts'", 'may not be imported'],
  ['packages/launcher/src/a.ts', "const b = await import('@clarity/shared/runtime/b')", 'may not be imported'],
  ['packages/subscriber/src/a.ts', "import { b } from '@clarity/shared/runtime/b'", 'may not be imported'],
  ['apps/console/src/a.tsx', "import type { B } from '@clarity/shared/store/b'", 'may not be imported'],
  ['services/api/src/a.ts', "import { b } from '@clarity/worker/b'", 'may not be imported'],
  ['services/api/src/a.test.ts', "import { b } from '@clarity/worker/b'", 'is another service'],
  ['services/api/src/a.ts', "import { b } from '../../worker/src/b.ts'", 'leaves its package'],
  ['services/api/src/a.ts', "import { b } from '@clarity/testkit/redis'", 'is for tests only'],
  ['services/api/src/a.ts', "import { b } from './a.test.ts'", 'is for tests only'],
  ['packages/shared/src/store/a.ts', "import { test } from 'vitest'", 'is for tests only'],
  ['services/worker/src/a.ts', "import { z } from 'zod'", 'is not in the dependencies of @clarity/worker'],
  ['services/api/src/a.test.ts', "import { test } from 'vitest'", 'is not in the dependencies or devDependencies'],
  ['services/api/src/a.ts', "import { b } from '@clarity/shared/src/store/b.ts'", 'is not exported'],
  ['services/api/src/a.ts', "export * from './b.ts'", 're-exports'],
])('finds the breach in %s: %s', (path, text, expected) => {
  expect(check(path, text).join('\n')).toContain(expected)
})

test('finds a cycle, also through the name of a package', () => {
  const files = [
    { path: 'packages/shared/src/store/a.ts', text: "import { b } from './b.ts'" },
    { path: 'packages/shared/src/store/b.ts', text: "import type { c } from '@clarity/shared/store/c'" },
    { path: 'packages/shared/src/store/c.ts', text: "import { a } from './a.ts'" },
  ]
  expect(findViolations(files, packages)).toEqual([
    'packages/shared/src/store/a.ts: import cycle packages/shared/src/store/a.ts -> packages/shared/src/store/b.ts -> ' +
      'packages/shared/src/store/c.ts -> packages/shared/src/store/a.ts',
  ])
  expect(findViolations(files.slice(0, 2), packages)).toEqual([])
})

test('finds files that are too long', () => {
  expect(check('services/api/src/a.ts', '\n'.repeat(400))).toEqual([])
  expect(check('services/api/src/a.ts', '\n'.repeat(401))).toEqual([
    'services/api/src/a.ts: has 401 lines; at most 400',
  ])
  expect(check('services/api/src/a.test.ts', '\n'.repeat(600))).toEqual([])
  expect(check('services/api/src/a.test.ts', '\n'.repeat(601))).toHaveLength(1)
})

test('sees every form of import, and none in comments and strings', () => {
  const source = `
    import './effect.ts'
    import a, { b,
      type C } from "double"
    import * as d from 'star'
    import type E from 'type-only'
    export { f } from 'named'
    export * as g from 'namespace'
    export type { H } from 'type-export'
    export { own }
    export const text = 'not-me'
    type I = import('in-type').I
    const j = await import(
      'dynamic'
    )
    // import k from 'line-comment'
    /* import('block-comment') */
    const k2 = "await import('string')"
    const l = \`
import m from 'template'\`
    const url = 'https://example.org' + await import('after-url')`
  expect(parseImports(source).map(({ specifier }) => specifier)).toEqual([
    './effect.ts',
    'double',
    'star',
    'type-only',
    'named',
    'namespace',
    'type-export',
    'in-type',
    'dynamic',
    'after-url',
  ])
})
