import { Problem } from '@clarity/shared/contract/connections'
import { leaveOutNoise } from '@clarity/shared/contract/json-schema'
import { InvariantError } from '@clarity/shared/runtime/errors'
import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifyInstance, FastifyPluginAsync } from 'fastify'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemType } from './problem.ts'

/** Where the documentation page is. */
const docsPrefix = '/docs'

/** What the operations are about, in the order in which the page shows them. */
const tags = {
  connections: 'Workspaces that the tenant has connected',
  settings: 'How a connection is set up',
  syncs: 'Runs that read Bitbucket',
  removals: 'Removals that wait for a decision',
  access: 'Who has which access, why, since when, and how fresh that knowledge is',
  stream: 'The changes, for whoever does not read Kafka',
  evidence: 'How it is known that the lists were complete',
  webhooks: 'Deliveries of Bitbucket that hint at changes',
  audit: 'Who did what',
  session: 'Signing in with a browser',
  callers: 'API keys of the tenant',
  tenants: 'Tenants, their keys and sign-in links, for the operator of the deployment',
} as const
export type Tag = keyof typeof tags

/** What the description says of an operation beside its schemas. */
export interface OperationText {
  readonly operationId: string
  readonly tags: readonly Tag[]
  /** A few words. */
  readonly summary: string
  readonly description?: string
}

/** The words about an operation, for its schema. */
export function operation(tag: Tag, operationId: string, summary: string, description?: string): OperationText {
  return { operationId, tags: [tag], summary, ...(description !== undefined && { description }) }
}

/**
 * `GET /openapi.json`: the OpenAPI 3.1 description, made of the very schemas that validate; and a page to read it. Register
 * this before the routes. What holds for every operation is said here once: who may call it, how it is repeated, how it fails.
 */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  const toJsonSchema = createJsonSchemaTransform({
    zodToJsonConfig: {
      target: 'draft-2020-12',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        // By this an answer without a body is told from one that may be anything.
        if (zodSchema._zod.def.type === 'undefined') jsonSchema.type = 'null'
        leaveOutNoise(jsonSchema)
      },
    },
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Clarity for Bitbucket Cloud',
        description: 'Connects Bitbucket workspaces, syncs them, and tells who has which access, and why.',
        version: '1',
      },
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or a token of the configured issuer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'clarity-session',
            description: 'What POST /v1/session has set',
          },
        },
      },
    },
    transform: (input) => {
      // Probes and the like are for machines that know them.
      if (input.schema?.operationId === undefined) return { schema: { hide: true }, url: input.url }
      const { schema, url } = toJsonSchema(input)
      return { schema: { ...schema, ...securityOf(input.route.config) }, url }
    },
    transformObject: (input) => {
      if (!('openapiObject' in input)) throw new InvariantError('The description is not OpenAPI 3')
      addCommon(input.openapiObject)
      return input.openapiObject
    },
  })
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => app.swagger())
  await app.register(docsPage)
}

/** Everybody may read it. */
const docsPage: FastifyPluginAsync = async (pages) => {
  pages.addHook('onRoute', (route) => {
    route.config = { ...route.config, public: true }
    route.schema = { ...route.schema, hide: true }
  })
  await pages.register(swaggerUi, { routePrefix: docsPrefix, staticCSP: true })
}

function securityOf(config: FastifyContextConfig | undefined) {
  if (config?.scope === undefined) return { security: [] }
  const security = config.scope === 'operator' ? [{ bearer: [] }] : [{ bearer: [] }, { session: [] }]
  return { security, 'x-required-scope': config.scope }
}

type OpenApi = Extract<Parameters<SwaggerTransformObject>[0], { readonly openapiObject: unknown }>['openapiObject']

const problem = { description: 'A problem document (RFC 9457)', content: { [problemType]: { schema: ref('Problem') } } }
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes the request repeatable: within 24 hours the same key gets the same answer, and nothing is done twice',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const
const writes = ['post', 'put', 'patch', 'delete'] as const

/** Adds to each operation what all have. */
function addCommon(document: Partial<OpenApi>): void {
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of ['get', ...writes] as const) {
      const found = path?.[method]
      if (found === undefined) continue
      found.responses = { ...found.responses, default: problem }
      if (method !== 'get' && (found.security?.length ?? 0) > 0) {
        found.parameters = [...(found.parameters ?? []), idempotencyKey]
      }
    }
  }
  const components: { schemas?: object } = document.components ?? {}
  components.schemas = { ...components.schemas, Problem: problemSchema() }
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}

function problemSchema(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(Problem)
  return schema
}
