// Writes the bill of materials of what is shipped, in CycloneDX 1.6: npm run sbom [-- file]. It is made from the lockfile and the
// installed packages, without the network.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { renderSbom } from './bill-of-materials.ts'

const file = resolve(process.argv[2] ?? 'dist/clarity-bitbucket.cdx.json')
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, renderSbom())
process.stdout.write(`${file}\n`)
