import { readFileSync } from 'node:fs'
import { renderPerformance } from '@clarity/bench/performance'
import { renderErrors } from '@clarity/bitbucket/error-table'
import { describeApi } from '@clarity/connector-api/description'
import { renderOpenApiTypes } from '@clarity/openapi-types/render'
import { stateKinds } from '@clarity/shared/contract/state'
import { z } from 'zod'
import { renderApi } from './api-docs.ts'
import { renderApiErrors } from './api-errors.ts'
import { asyncApi } from './asyncapi.ts'
import type { JsonSchema } from './compatibility.ts'
import { renderConfiguration } from './configuration.ts'
import { renderEvents } from './event-docs.ts'
import {
  auditSchema,
  eventNames,
  eventSchema,
  stateSchema,
  versionedAudit,
  versionedName,
  versionedState,
} from './event-schemas.ts'
import { toJson } from './json.ts'
import { renderLicences } from './licences.ts'
import { renderMetrics } from './metrics-docs.ts'
import { services } from './services.ts'

const Manifest = z.object({ version: z.string() })

/** The schema of each event, of each state record and of audit records by the name of its file. */
export function eventSchemaFiles(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ...eventNames.map((name) => [`${versionedName(name)}.json`, eventSchema(name)] as const),
    ...stateKinds.map((kind) => [`${versionedState(kind)}.json`, stateSchema(kind)] as const),
    [`${versionedAudit}.json`, auditSchema()] as const,
  ])
}

/** Every file that is made from the code, or has a part that is, by its path from the root of the repository, with its text. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const schemas = [...eventSchemaFiles()].map(([file, schema]) => [`schemas/${file}`, toJson(schema)] as const)
  const { version } = Manifest.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
  const openApi = await describeApi()
  const performance = readFileSync(new URL('../docs/performance.md', import.meta.url), 'utf8')
  return new Map([
    ['docs/configuration.md', renderConfiguration(services)],
    ['docs/api.md', renderApi(readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8'), openApi)],
    ['docs/api-errors.md', renderApiErrors()],
    ['docs/bitbucket-errors.md', renderErrors()],
    ['docs/events.md', renderEvents()],
    ['docs/licences.md', renderLicences()],
    ['docs/metrics.md', renderMetrics()],
    ...renderPerformance(performance),
    ['schemas/asyncapi.json', toJson(asyncApi(version))],
    ['schemas/openapi.json', toJson(openApi)],
    ['apps/console/src/api/schema.ts', await renderOpenApiTypes(toJson(openApi))],
    ...schemas,
  ])
}
