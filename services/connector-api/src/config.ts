import { TenantId } from '@clarity/shared/contract/ids'
import { type Config, variable } from '@clarity/shared/runtime/config'
import { Secret } from '@clarity/shared/runtime/secret'
import {
  bitbucketVariables,
  commonVariables,
  masterKeyVariable,
  redisVariables,
} from '@clarity/shared/runtime/variables'
import { z } from 'zod'

/** The key with which a tenant's callers authenticate. */
export interface ApiKey {
  readonly tenantId: TenantId
  readonly key: Secret
}

const keyBytesMin = 16

const apiKeys = z.string().transform((text, context): ApiKey[] => {
  const keys = text.split(',').map((pair) => {
    const [tenant = '', ...rest] = pair.trim().split('=')
    const key = rest.join('=')
    const tenantId = TenantId.safeParse(tenant)
    if (!tenantId.success)
      context.addIssue({ code: 'custom', message: `names a tenant that is no tenant id: "${tenant}"` })
    if (key.length < keyBytesMin)
      context.addIssue({ code: 'custom', message: `has a key shorter than ${keyBytesMin} characters` })
    return { tenantId: tenant, key: new Secret(key) }
  })
  if (new Set(keys.map(({ key }) => key.reveal())).size < keys.length) {
    context.addIssue({ code: 'custom', message: 'gives the same key to two tenants' })
  }
  return keys
})

/** What the connector-api is configured with. */
export const variables = {
  ...commonVariables(8080),
  ...redisVariables,
  ...masterKeyVariable,
  ...bitbucketVariables,
  API_KEYS: variable({
    schema: apiKeys,
    description: 'One bearer key per tenant: tenant=key pairs, separated by commas; keys of 16 characters or more.',
    example: 'acme=a-long-random-key-of-acme,globex=a-long-random-key-of-globex',
    default: null,
  }),
}

export type ConnectorApiConfig = Config<typeof variables>
