// Which modules a TypeScript source imports, and what such an import means in this workspace.

import { builtinModules } from 'node:module'
import { posix } from 'node:path'

export interface ImportStatement {
  readonly specifier: string
  /** Whether it is an `export ... from`. */
  readonly reExport: boolean
}

/** A package of the workspace: what the rules need of its package.json. */
export interface WorkspacePackage {
  readonly name: string
  /** Its folder from the root of the workspace, with a slash at the end; '' for the root itself. */
  readonly folder: string
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
}

export type ImportTarget =
  | { readonly type: 'file'; readonly path: string; readonly packageName?: string }
  | { readonly type: 'package'; readonly name: string }
  | { readonly type: 'builtin' }
  | { readonly type: 'not-exported'; readonly name: string }

const commentOrString = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:\\[\s\S]|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g
const clause = String.raw`(?:type\s+)?(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*\s*as\s+[\w$]+)?`
const importFrom = new RegExp(String.raw`^[ \t]*import\s*(?:${clause}\s*from\s*)?'(\d+)'`, 'gm')
const exportFrom = /^[ \t]*export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)\s*from\s*'(\d+)'/gm
const importCall = /\bimport\(\s*'(\d+)'/g

/** The imports of a source: statements, `export ... from`, and `import('...')` with a constant, types as well. */
export function parseImports(source: string): ImportStatement[] {
  // With a number for each string, nothing in a string looks like an import.
  const strings: string[] = []
  const code = source.replace(commentOrString, (text) =>
    /^['"]/.test(text) ? `'${strings.push(text.slice(1, -1)) - 1}'` : ' ',
  )
  const find = (pattern: RegExp, reExport: boolean) =>
    [...code.matchAll(pattern)].map(([, number]) => ({ specifier: strings[Number(number)] ?? '', reExport }))
  return [...find(importFrom, false), ...find(exportFrom, true), ...find(importCall, false)]
}

/** What `specifier` means in the file `from`: a file of the workspace, a package, or a module of Node. */
export function resolveImport(specifier: string, from: string, packages: readonly WorkspacePackage[]): ImportTarget {
  if (specifier.startsWith('.')) return { type: 'file', path: posix.join(posix.dirname(from), specifier) }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { type: 'builtin' }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  const own = packages.find((each) => each.name === name)
  if (own === undefined) return { type: 'package', name }
  const path = exportedFile(own, `.${specifier.slice(name.length)}`)
  return path === undefined ? { type: 'not-exported', name } : { type: 'file', path, packageName: name }
}

/** The package whose folder the file is in; the root package for a file in none of the others. */
export function packageOf(path: string, packages: readonly WorkspacePackage[]): WorkspacePackage | undefined {
  return packages
    .filter(({ folder }) => path.startsWith(folder))
    .reduce<WorkspacePackage | undefined>((best, each) => (best && best.folder > each.folder ? best : each), undefined)
}

function exportedFile({ folder, exports }: WorkspacePackage, subpath: string): string | undefined {
  for (const [key, target] of Object.entries(exports)) {
    const [before = '', after] = key.split('*')
    if (after === undefined ? subpath === key : subpath.startsWith(before) && subpath.endsWith(after)) {
      const middle = after === undefined ? '' : subpath.slice(before.length, subpath.length - after.length)
      return posix.join(folder, target.replace('*', middle))
    }
  }
  return undefined
}
