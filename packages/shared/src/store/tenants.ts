import { Tenant, type TenantChange } from '../contract/callers.ts'
import type { TenantId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/** The tenants of a deployment. */
export interface TenantStore {
  /** False when there is one of that id. */
  add(tenant: Tenant): Promise<boolean>
  read(id: TenantId): Promise<Tenant | null>
  /** By id. */
  list(): Promise<Tenant[]>
  /** The tenant as it is now, or null when there is none. */
  change(id: TenantId, change: TenantChange): Promise<Tenant | null>
}

export function createTenantStore(redis: RedisClient, keys: Keys): TenantStore {
  return {
    async add(tenant) {
      return (await redis.hsetnx(keys.tenants, tenant.id, JSON.stringify(tenant))) === 1
    },

    async read(id) {
      const json = await redis.hget(keys.tenants, id)
      return json === null ? null : Tenant.parse(JSON.parse(json))
    },

    async list() {
      const all = Object.values(await redis.hgetall(keys.tenants)).map((json) => Tenant.parse(JSON.parse(json)))
      return all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },

    async change(id, { name, state }) {
      const tenant = await this.read(id)
      if (tenant === null) return null
      const changed = { ...tenant, ...(name !== undefined && { name }), ...(state !== undefined && { state }) }
      await redis.hset(keys.tenants, id, JSON.stringify(changed))
      return changed
    },
  }
}
