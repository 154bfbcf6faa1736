import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { renderSbom } from './bill-of-materials.ts'
import { allowedLicences, isAllowed, readLicences } from './licences.ts'
import { shippedPackages } from './shipped.ts'

const shipped = readLicences('shipped')
const { shipped: forAll, development } = allowedLicences

test('what is shipped is under licences that allow it', () => {
  expect(shipped.length).toBeGreaterThan(100)
  expect(shipped.filter(({ licence }) => !isAllowed(licence, forAll))).toEqual([])
})

test('what serves development is under licences that are known', () => {
  const all = readLicences('all')
  expect(all.length).toBeGreaterThan(shipped.length)
  expect(all.filter(({ licence }) => !isAllowed(licence, [...forAll, ...development]))).toEqual([])
})

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only)', true],
  ['(MIT AND GPL-3.0-only)', false],
  ['Unknown', false],
])('%s: %s', (expression, expected) => {
  expect(isAllowed(expression, ['MIT'])).toBe(expected)
})

test('what is shipped is what the Dockerfile installs for the services, and the console', () => {
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
  const installed = [...dockerfile.matchAll(/--filter-prod (@clarity\/[a-z-]+)\.\.\./g)].map(([, name]) => name)
  expect(dockerfile).toContain('pnpm --filter @clarity/console build')
  expect([...installed, '@clarity/console'].toSorted()).toEqual(
    // The simulated Bitbucket has an image for trying out, which is not released.
    [...shippedPackages, '@clarity/bitbucket-simulator'].toSorted(),
  )
})

const Sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  metadata: z.object({ component: z.object({ name: z.literal('clarity-bitbucket'), type: z.literal('application') }) }),
  components: z.array(
    z.object({
      name: z.string(),
      group: z.string().optional(),
      version: z.string(),
      purl: z.string().startsWith('pkg:npm/'),
      licenses: z.array(z.unknown()).min(1),
      externalReferences: z.array(z.object({ type: z.string(), hashes: z.array(z.unknown()).optional() })).optional(),
    }),
  ),
})

test('the bill of materials has every package that is shipped, with its licence and its digest', () => {
  const { components } = Sbom.parse(JSON.parse(renderSbom()))
  const named = components.map(({ group, name, version, externalReferences = [] }) => ({
    name: group === undefined ? name : `${group}/${name}`,
    version,
    digests: externalReferences.filter(({ hashes = [] }) => hashes.length > 0).length,
  }))
  const foreign = named.filter(({ name }) => !name.startsWith('@clarity/'))
  expect(foreign.filter(({ digests }) => digests !== 1)).toEqual([])
  const names = new Set(foreign.map(({ name, version }) => `${name}@${version}`))
  expect(shipped.filter(({ name, version }) => !names.has(`${name}@${version}`))).toEqual([])
})
