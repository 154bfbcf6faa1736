import { InvariantError } from '../runtime/errors.ts'
import type { Secret } from '../runtime/secret.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { replaceField } from './replace-field.ts'
import type { Vault } from './vault.ts'

/** Secrets that all services of a deployment share, sealed in its own key: a field for each. */
export interface DeploymentSecrets {
  /** The secret of this name. Where there is none yet, `first` makes it: of several who do at once, one counts for all. */
  ensure(name: string, first: () => Secret): Promise<Secret>
  /** Puts what `next` makes of the present secret in its place. @throws InvariantError when there is none */
  replace(name: string, next: (present: Secret) => Secret): Promise<void>
}

/** For whom the secret in a field of the deployment's key is sealed. */
export function deploymentOwner(field: string): string {
  return `deployment:${field}`
}

export function createDeploymentSecrets(redis: RedisClient, { deployment }: Keys, vault: Vault): DeploymentSecrets {
  const read = async (name: string) => {
    const sealed = await redis.hget(deployment, name)
    return sealed === null ? null : { sealed, secret: vault.open(deploymentOwner(name), sealed) }
  }
  const missing = (name: string) => new InvariantError('A secret of the deployment is gone', { name })
  return {
    async ensure(name, first) {
      const known = await read(name)
      if (known !== null) return known.secret
      await redis.hsetnx(deployment, name, vault.seal(deploymentOwner(name), first()))
      const kept = await read(name)
      if (kept === null) throw missing(name)
      return kept.secret
    },

    async replace(name, next) {
      for (;;) {
        const present = await read(name)
        if (present === null) throw missing(name)
        const sealed = vault.seal(deploymentOwner(name), next(present.secret))
        // Otherwise somebody else was first, and the next turn begins with what they wrote.
        if (await replaceField(redis, deployment, name, present.sealed, sealed)) return
      }
    },
  }
}
