import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(new URL(path, `file://${root}`), 'utf8')
const versionOf = (path: string) => z.object({ version: z.string() }).parse(JSON.parse(read(path))).version
const version = versionOf('package.json')
const exclude = (path: string) => path.includes('node_modules')

test('every package has the version of the repository', () => {
  const manifests = globSync('{apps,packages,services,test}/*/package.json', { cwd: root, exclude })
  expect(manifests.length).toBeGreaterThan(10)
  for (const path of manifests) expect(versionOf(path), path).toBe(version)
})

test('the services name themselves with the version of the repository', () => {
  const sources = globSync('services/*/src/**/*.ts', { cwd: root, exclude }).filter((path) => !path.includes('.test.'))
  const told = sources.flatMap((path) =>
    [...read(path).matchAll(/\bversion: '(\d+\.\d+\.\d+)'/g)].map(([, found]) => ({ path, found })),
  )
  expect(told.length).toBeGreaterThanOrEqual(4)
  expect(told.filter(({ found }) => found !== version)).toEqual([])
})

test('the changelog keeps its form, and its newest version is that of the repository', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
  expect(headings[0]).toBe('[Unreleased]')
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/)
  const parts = [...read('CHANGELOG.md').matchAll(/^### (.*)$/gm)].map(([, part]) => part)
  for (const part of parts) expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toContain(part)
  const newest = headings[1]?.slice(1).split(']')[0]
  if (newest === undefined) expect(read('CHANGELOG.md')).toContain(`The first version, ${version}.`)
  else expect(newest).toBe(version)
})
