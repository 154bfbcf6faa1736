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

const keyLengthMin = 16

/** A mistake is told by the place of its pair: what stands there may be a key. */
const apiKeys = z.string().transform((text, context): ApiKey[] => {
  const keys = text.split(',').map((pair, index) => {
    const [tenant = '', ...rest] = pair.trim().split('=')
    const key = rest.join('=')
    const mistake = (message: string) => context.addIssue({ code: 'custom', message: `pair ${index + 1} ${message}` })
    if (!TenantId.safeParse(tenant).success)
      mistake('does not begin with a tenant id (lower case letters, digits, hyphen)')
    if (key.length < keyLengthMin) mistake(`has no key of ${keyLengthMin} characters or more after its =`)
    return { tenantId: tenant, key: new Secret(key) }
  })
  if (new Set(keys.map(({ key }) => key.reveal())).size < keys.length) {
    context.addIssue({ code: 'custom', message: 'the same key is given twice' })
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
