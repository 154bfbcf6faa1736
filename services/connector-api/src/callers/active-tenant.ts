import type { Tenant } from '@clarity/shared/contract/callers'
import { InputError } from '@clarity/shared/runtime/errors'
import type { TenantStore } from '@clarity/shared/store/tenants'
import type { Caller } from './caller.ts'

/** The tenant of a caller. @throws InputError 403 when it has none, or one that is not let in */
export async function activeTenantOf(
  { tenantId }: Pick<Caller, 'tenantId'>,
  tenants: Pick<TenantStore, 'read'>,
): Promise<Tenant> {
  if (tenantId === null) {
    throw new InputError('no-tenant', 'The caller belongs to no tenant', {
      remedy: 'An operator makes tenants, and keys and sign-in links for them; call this with a key of the tenant.',
    })
  }
  const tenant = await tenants.read(tenantId)
  if (tenant?.state === 'active') return tenant
  throw new InputError('tenant-not-active', `The tenant ${tenantId} is not there, or it is suspended`, {
    remedy: 'Ask the operator to make it, or to let it in again.',
  })
}
