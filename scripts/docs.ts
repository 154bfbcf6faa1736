// Writes all files that are made from the code: pnpm run docs. With --release also schemas/released/, unless a consumer of
// the schemas that are there could not read what is told now.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { eventSchemaFiles, generatedFiles } from './generated.ts'
import { toJson } from './json.ts'
import { readReleased, releasedFolder, releaseFaults } from './released-schemas.ts'

const root = new URL('../', import.meta.url)

mkdirSync(releasedFolder, { recursive: true })
const files = await generatedFiles()
for (const [path, text] of files) {
  const file = new URL(path, root)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, text)
}
for (const file of readdirSync(new URL('schemas/', root))) {
  if (file.endsWith('.json') && !files.has(`schemas/${file}`)) rmSync(new URL(`schemas/${file}`, root))
}

if (process.argv.includes('--release')) {
  const present = eventSchemaFiles()
  const faults = releaseFaults(readReleased(), present)
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  if (faults.length > 0)
    process.stderr.write('Not released: leave these as they were, or give the type a new version.\n')
  else for (const [file, schema] of present) writeFileSync(new URL(file, releasedFolder), toJson(schema))
  process.exitCode = faults.length > 0 ? 1 : 0
}
