import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile } from './import-rules.ts'
import type { WorkspacePackage } from './imports.ts'

interface Manifest {
  readonly name?: string
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Reads the TypeScript sources and the packages of the workspace whose root is `root`. */
export function readWorkspace(root: string): { files: SourceFile[]; packages: WorkspacePackage[] } {
  const find = (pattern: string[]) =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })
      .map((path) => path.replaceAll('\\', '/'))
      .toSorted()
  const files = find(['**/*.{ts,tsx,mts}']).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  const packages = find(['package.json', 'bench/package.json', '{packages,services,apps,test}/*/package.json']).map(
    (path) => {
      // A package.json of ours; pnpm has checked it by installing from it.
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest
      return {
        name: manifest.name ?? path,
        folder: path.slice(0, -'package.json'.length),
        exports: manifest.exports ?? {},
        dependencies: Object.keys(manifest.dependencies ?? {}),
        devDependencies: Object.keys(manifest.devDependencies ?? {}),
      }
    },
  )
  return { files, packages }
}
