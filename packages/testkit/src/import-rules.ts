// Who may import whom in this workspace, as data, and the check of a list of files against it.

import { type ImportTarget, packageOf, parseImports, resolveImport, type WorkspacePackage } from './imports.ts'

export interface SourceFile {
  /** From the root of the workspace, with slashes. */
  readonly path: string
  readonly text: string
}

interface Layer {
  /** The files whose path begins so. They may import each other within one package. */
  readonly within: string
  /** What else of ours they may import: beginnings of paths. */
  readonly ours: readonly string[]
  /** Which packages and modules of Node they may import; all when absent. */
  readonly packages?: readonly string[]
}

const contract = 'packages/shared/src/contract/'
const access = 'packages/shared/src/access/'
const runtime = 'packages/shared/src/runtime/'

/** The first layer that fits a file holds for it; tests are free but for the services, which never meet in code. */
const layers: readonly Layer[] = [
  { within: contract, ours: [], packages: ['zod'] },
  { within: access, ours: [contract], packages: [] },
  { within: runtime, ours: [] },
  { within: 'packages/shared/src/evidence/', ours: [contract, runtime] },
  { within: 'packages/shared/src/store/', ours: [contract, access, runtime] },
  { within: 'packages/bitbucket/', ours: [runtime] },
  { within: 'packages/bitbucket-simulator/', ours: [] },
  { within: 'packages/testkit/src/oracles', ours: [] },
  { within: 'packages/launcher/', ours: [] },
  { within: 'packages/subscriber/', ours: [contract, access] },
  { within: 'packages/access-view/', ours: [contract, access, runtime, 'packages/subscriber/'] },
  { within: 'apps/console/', ours: [contract, access] },
  { within: 'services/', ours: ['packages/'] },
]

const linesMax = { source: 400, test: 600 }
/** Made by a program, and read by one. */
const generated = ['apps/console/src/api/schema.ts']

/** Every breach of the rules, as a line that names the file and what is wrong; none when all is well. */
export function findViolations(files: readonly SourceFile[], packages: readonly WorkspacePackage[]): string[] {
  const edges = new Map<string, string[]>()
  const violations = files.flatMap((file) => {
    const found = checkSize(file)
    const targets: string[] = []
    for (const { specifier, reExport } of parseImports(file.text)) {
      const target = resolveImport(specifier, file.path, packages)
      if (target.type === 'file') targets.push(target.path)
      const faults = checkImport(file.path, target, packages)
      if (reExport && !isEntry(file.path, packages)) faults.push('re-exports; only src/index.ts of a package may')
      found.push(...faults.map((fault) => `${file.path}: '${specifier}' ${fault}`))
    }
    edges.set(file.path, targets)
    return found
  })
  return [...violations, ...findCycles(edges)]
}

/** A test, or what exists for tests, or for building, alone. */
function isForTests(path: string): boolean {
  return (
    isTest(path) ||
    path.includes('/src/testing/') ||
    path.startsWith('test/') ||
    path.startsWith('packages/testkit/') ||
    /(?:^|\/)vite(?:st)?\.config\.ts$/.test(path)
  )
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

function isEntry(path: string, packages: readonly WorkspacePackage[]): boolean {
  return packages.some(({ folder }) => path === `${folder}src/index.ts`)
}

function checkSize({ path, text }: SourceFile): string[] {
  if (generated.includes(path)) return []
  const lines = text.split('\n').length - 1
  const max = isTest(path) ? linesMax.test : linesMax.source
  return lines > max ? [`${path}: has ${lines} lines; at most ${max}`] : []
}

function checkImport(path: string, target: ImportTarget, packages: readonly WorkspacePackage[]): string[] {
  if (target.type === 'not-exported') return [`is not exported by ${target.name}`]
  const home = packageOf(path, packages)
  const faults = [...checkLayer(path, target, packages), ...checkForTests(path, target)]
  if (target.type === 'file' && target.packageName === undefined && packageOf(target.path, packages) !== home) {
    faults.push('leaves its package')
  }
  const name = target.type === 'package' ? target.name : target.type === 'file' ? target.packageName : undefined
  if (name !== undefined && home !== undefined && name !== home.name) faults.push(...checkDeclared(path, name, home))
  return faults
}

function checkLayer(path: string, target: ImportTarget, packages: readonly WorkspacePackage[]): string[] {
  const layer = layers.find(({ within }) => path.startsWith(within))
  if (layer === undefined) return []
  if (target.type === 'file') {
    const sameLayer = target.path.startsWith(layer.within)
    if (sameLayer && packageOf(target.path, packages) === packageOf(path, packages)) return []
    if (isForTests(path) && !path.includes('/oracles')) return sameLayer ? ['is another service'] : []
    const allowed = layer.ours.some((beginning) => target.path.startsWith(beginning))
    return allowed ? [] : [`may not be imported from ${layer.within}`]
  }
  if (layer.packages === undefined || isForTests(path)) return []
  const allowed = target.type === 'package' && layer.packages.includes(target.name)
  return allowed ? [] : [`may not be imported from ${layer.within}`]
}

function checkForTests(path: string, target: ImportTarget): string[] {
  if (isForTests(path)) return []
  const testOnly =
    target.type === 'file'
      ? isForTests(target.path) && !target.path.startsWith('test/')
      : target.type === 'package' && target.name === 'vitest'
  return testOnly ? ['is for tests only'] : []
}

function checkDeclared(path: string, name: string, home: WorkspacePackage): string[] {
  if (home.dependencies.includes(name)) return []
  // The root package is never a dependency of another one, so that all it has is for development.
  const development = isForTests(path) || home.folder === ''
  if (development && home.devDependencies.includes(name)) return []
  return [`is not in the ${development ? 'dependencies or devDependencies' : 'dependencies'} of ${home.name}`]
}

/** One line for each import that closes a cycle, in the order of the files. */
function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = []
  const finished = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push(`${path}: import cycle ${[...trail.slice(start), path].join(' -> ')}`)
    if (start >= 0 || finished.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    finished.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return cycles
}
