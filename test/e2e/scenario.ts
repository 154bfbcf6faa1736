/** What the end-to-end tests presuppose of the system that they run against. */

/** The workspace that the simulated Bitbucket is seeded with. */
export const workspace = {
  slug: 'acme',
  users: 130,
  groups: 9,
  projects: 7,
  repositories: 110,
  seed: 7,
  consumer: { key: 'consumer-key', secret: 'consumer-secret-of-acme' },
}

/** Tenant -> bearer key. */
export const apiKeys = { acme: 'key-of-tenant-acme', globex: 'key-of-tenant-globex' }

/** Bearer key of the operator of the deployment. */
export const operatorKey = 'key-of-the-operator'
