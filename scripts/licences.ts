import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { askPnpm } from './shipped.ts'

const Listed = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), versions: z.array(z.string()), paths: z.array(z.string()) })),
)
const Manifest = z.object({ os: z.array(z.string()).optional(), cpu: z.array(z.string()).optional() })

/** A package of somebody else's, under an SPDX expression. */
export interface Licensed {
  readonly name: string
  readonly version: string
  readonly licence: string
}

/**
 * The licences that are used: what is shipped may be under the first, what serves development alone under the second as well. All
 * of the first allow to pass on a program that contains the work, with its notice; MPL and the others are not passed on.
 */
export const allowedLicences = {
  shipped: [
    'MIT',
    'ISC',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
  ],
  development: ['MPL-2.0', 'Python-2.0', 'Zlib'],
} as const

/** Whether an SPDX expression of OR and AND, without nesting, is met by the licences of the list. */
export function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const ways = expression.replace(/^\((.*)\)$/, '$1').split(' OR ')
  return ways.some((way) => way.split(' AND ').every((licence) => allowed.includes(licence)))
}

/** The dependencies that are shipped, or all, by name. Left out are binaries for one platform: others have others of them. */
export function readLicences(which: 'shipped' | 'all'): Licensed[] {
  const listed = Listed.parse(JSON.parse(askPnpm(which, ['licenses', 'list', '--json'])))
  const found = Object.entries(listed).flatMap(([licence, packages]) =>
    packages.flatMap(({ name, versions, paths }) =>
      versions.filter((_, at) => !isForOnePlatform(paths[at])).map((version) => ({ name, version, licence })),
    ),
  )
  return found.toSorted((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`))
}

function isForOnePlatform(folder: string | undefined): boolean {
  if (folder === undefined) return false
  const { os, cpu } = Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  return os !== undefined || cpu !== undefined
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1
}

/** The text of docs/licences.md. */
export function renderLicences(): string {
  const shipped = readLicences('shipped')
  const isShipped = new Set(shipped.map(toKey))
  const others = readLicences('all').filter((dependency) => !isShipped.has(toKey(dependency)))
  const sections = [
    intro,
    `## What is shipped\n\nIn the images and in the pages of the console: ${countByLicence(shipped)}.`,
    toTable(shipped),
    `## For development and tests alone\n\n${countByLicence(others)}.`,
    toTable(others),
  ]
  return `${sections.join('\n\n')}\n`
}

const intro = `# Licences of dependencies

This software is under the MIT licence ([LICENSE](../LICENSE)). What it depends on, with the licence that each package names; a test
fails on a licence that is not on the list of \`scripts/licences.ts\`. Each package carries its licence text, also in the images. Left out are binaries for
one platform, which are under the licence of the package that brings them. With digests, for machines: \`npm run sbom\`.

This page is made from the lockfile and the installed packages by \`pnpm run docs\`; a test fails when it is out of date.`

function countByLicence(dependencies: readonly Licensed[]): string {
  const counts = new Map<string, number>()
  for (const { licence } of dependencies) counts.set(licence, (counts.get(licence) ?? 0) + 1)
  const sorted = [...counts].toSorted(([a, many], [b, few]) => few - many || compare(a, b))
  return sorted.map(([licence, count]) => `${count} ${licence}`).join(', ')
}

function toTable(dependencies: readonly Licensed[]): string {
  const rows = dependencies.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
  return ['| package | version | licence |', '|---|---|---|', ...rows].join('\n')
}

function toKey({ name, version }: Licensed): string {
  return `${name}@${version}`
}
