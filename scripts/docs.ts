// Writes the pages of docs/ that are made from the code: pnpm run docs.

import { writeFileSync } from 'node:fs'
import { renderErrors } from '@clarity/bitbucket/error-table'
import { renderConfiguration } from './configuration.ts'
import { services } from './services.ts'

writeFileSync(new URL('../docs/configuration.md', import.meta.url), renderConfiguration(services))
writeFileSync(new URL('../docs/bitbucket-errors.md', import.meta.url), renderErrors())
