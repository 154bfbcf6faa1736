import { readdirSync, readFileSync } from 'node:fs'
import { incompatibilities, type JsonSchema } from './compatibility.ts'

export const releasedFolder = new URL('../schemas/released/', import.meta.url)

/** The schemas of the last release by the names of their files. */
export function readReleased(): ReadonlyMap<string, JsonSchema> {
  // Only `pnpm run docs --release` writes there, and it writes schemas.
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, releasedFolder), 'utf8')) as JsonSchema
  return new Map(readdirSync(releasedFolder).map((file) => [file, read(file)]))
}

/** Whatever in today's schemas could break a consumer of the released ones, as lines that begin with the file. */
export function releaseFaults(
  released: ReadonlyMap<string, JsonSchema>,
  present: ReadonlyMap<string, JsonSchema>,
): string[] {
  return [...released].flatMap(([file, before]) => {
    const after = present.get(file)
    if (after === undefined) return [`${file}: is no longer told`]
    return incompatibilities(before, after).map((fault) => `${file}: ${fault}`)
  })
}
