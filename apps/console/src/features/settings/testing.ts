import type { Settings } from './settings-queries.ts'

const locked = <Value>(value: Value) => ({ value, fixed: true as const, reason: 'It is so.' })
const no = locked(false as const)

/** Settings as the API answers them when nothing was said. */
export const someSettings: Settings = {
  connectApp: {
    application: 'bitbucket-cloud',
    name: 'Bitbucket Acme',
    uniqueIdentifier: locked('bitbucket-acme'),
    accessVia: locked('api' as const),
    workspace: locked({ uuid: '{1}', slug: 'acme', name: 'Acme' }),
    credentials: [{ kind: 'oauth-consumer', key: 'consumer-key' }],
  },
  appSettings: {
    schedule: { mode: 'manual' },
    appOwners: [],
    trustRelationship: locked('downstream' as const),
    trustPermission: locked('read-only' as const),
    defaultEntitlement: locked(null),
    include: { projects: null, repositories: null },
    removalLimit: { share: 0.07, count: 20 },
    publishLevels: 'in-use',
  },
  userSettings: {
    provisioning: {
      createUser: no,
      updateUser: no,
      deactivateUser: no,
      deleteUser: no,
      addEntitlement: no,
      removeEntitlement: no,
    },
    onTermination: locked('nothing' as const),
    confirmEmails: true,
    attributes: [
      { name: 'displayName', published: true, personal: true },
      { name: 'createdOn', published: false, personal: false },
    ],
  },
}
