/**
 * One request that is in order for every operation of the API, made of what one tenant has. They stand in the order in which a tenant
 * can make them all, one after the other: what takes away something comes after what needs it.
 */

/** What of a tenant's its requests are made of. Each text here is its own: nobody else has it. */
export interface World {
  /** Id of the connection. */
  readonly id: string
  /** A sync that came to its end. */
  readonly syncId: string
  readonly keyId: string
  /** Who has done something in the tenant. */
  readonly actorId: string
  readonly serviceUserId: string
  readonly entitlementId: string
  /** A repository, and the scope in which it is read. */
  readonly resource: string
  readonly scope: string
  readonly project: string
  /** Membership of a group. */
  readonly container: string
  /** Something that is held, and something of which the removal waits for a decision. */
  readonly grantId: string
  readonly heldId: string
}

/** What requests need that is nobody's: a workspace that is connected, one that is not, and a tenant for the operator. */
export interface Surroundings {
  readonly connected: WorkspaceAccess
  readonly free: WorkspaceAccess
  readonly operated: { readonly tenantId: string; readonly keyId: string }
  /** By which somebody is let in; not theirs who call. */
  readonly key: string
  /** Ends names that must be new. */
  readonly suffix: string
}

interface WorkspaceAccess {
  readonly slug: string
  readonly consumer: { readonly key: string; readonly secret: string }
}

export interface ApiRequest {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface ApiCase {
  /** What it is answered with where all that it names is there. */
  readonly status: number
  readonly request: (world: World, surroundings: Surroundings) => ApiRequest
}

const ofConnection = ({ id }: World): ApiRequest => ({ path: { id } })
const ofSync = ({ id, syncId }: World): ApiRequest => ({ path: { id, syncId } })
const read = (request: ApiCase['request'] = ofConnection): ApiCase => ({ status: 200, request })

const credentialOf = ({ consumer: { key, secret } }: WorkspaceAccess) => ({ kind: 'oauth-consumer', key, secret })
const settings = {
  appOwners: ['identity-1'],
  include: { projects: null, repositories: ['*'] },
  publishLevels: 'in-use',
  removalLimit: { share: 0.1, count: 20 },
  confirmEmails: true,
  attributes: ['displayName', 'nickname', 'email'],
}
const token = { kind: 'api-token', email: 'administrator@example.com', token: 'a-token-that-opens-nothing' }

/** By operationId. */
export const apiCases: Readonly<Record<string, ApiCase>> = {
  validateConnection: read((_, { free }) => ({
    body: {
      ...{ name: 'Free', uniqueIdentifier: 'bitbucket-free', workspace: free.slug, ...settings },
      schedule: { mode: 'interval', minutes: 1_440, kind: 'full' },
      ...{ credential: credentialOf(free), moreCredentials: [token] },
    },
  })),
  createConnection: {
    status: 201,
    request: (_, { free, suffix }) => ({
      body: {
        ...{ name: `Free ${suffix}`, uniqueIdentifier: `bitbucket-free-${suffix}`, workspace: free.slug, ...settings },
        schedule: { mode: 'cron', pattern: '0 3 1 * *', timeZone: 'UTC', kind: 'full' },
        credential: credentialOf(free),
      },
    }),
  },
  listConnections: read(() => ({ query: { limit: '200' } })),
  getConnection: read(),
  getSettings: read(),
  previewSettings: read(({ id }) => ({ path: { id }, body: settings })),
  changeSettings: read(({ id }) => ({ path: { id }, headers: { 'if-match': '*' }, body: settings })),
  setSchedule: read(({ id }) => ({ path: { id }, body: { mode: 'interval', minutes: 1_440, kind: 'full' } })),
  replaceCredentials: {
    status: 204,
    request: ({ id }, { connected }) => ({ path: { id }, body: { credential: credentialOf(connected) } }),
  },
  getBudget: read(),
  getNotRead: read(),
  getFreshness: read(),
  verifyStream: { status: 202, request: ({ id }) => ({ path: { id }, body: { text: 'is it alive' } }) },

  requestSync: {
    status: 202,
    request: ({ id, scope }) => ({ path: { id }, body: { kind: 'targeted', scopes: [scope] } }),
  },
  verifyRemovals: { status: 202, request: ({ id, grantId }) => ({ path: { id }, body: { ids: [grantId] } }) },
  listSyncs: read(),
  getSync: read(ofSync),
  followSync: read(ofSync),
  getEvidence: read(ofSync),
  cancelSync: { status: 202, request: ofSync },
  getEvidenceKey: read(() => ({})),

  getHold: read(),
  approveRemovals: read(({ id, heldId }) => ({ path: { id }, body: { reason: 'as planned', only: [heldId] } })),
  rejectRemovals: read(({ id }) => ({ path: { id }, body: { reason: 'it is a mistake' } })),
  addCandidateEmails: {
    status: 202,
    request: ({ id }) => ({ path: { id }, body: { addresses: ['somebody@example.com'] } }),
  },

  listServiceUsers: read(),
  listEntitlements: read(({ id, resource }) => ({ path: { id }, query: { resource } })),
  listResources: read(({ id, project }) => ({ path: { id }, query: { project } })),
  listGrants: read(({ id, entitlementId, resource, serviceUserId }) => ({
    path: { id },
    query: { entitlementId, resource, serviceUserId },
  })),
  listNestings: read(({ id, entitlementId, resource, container }) => ({
    path: { id },
    query: { entitlementId, resource, container },
  })),
  accessOfUser: read(({ id, serviceUserId }) => ({ path: { id }, query: { serviceUserId } })),
  whoCan: read(({ id, resource }) => ({ path: { id }, query: { resource } })),
  getServiceUser: read(({ id, serviceUserId }) => ({ path: { id, serviceUserId } })),
  getEntitlement: read(({ id, entitlementId }) => ({ path: { id, entitlementId } })),
  explainAccess: read(({ id, serviceUserId, resource }) => ({ path: { id }, query: { serviceUserId, resource } })),
  getCounts: read(),
  getCoverage: read(),
  listChanges: read(),
  listFeed: read(({ id, serviceUserId, resource, syncId }) => ({
    path: { id },
    query: { serviceUserId, resource, syncId },
  })),
  listDifferences: read(({ id, serviceUserId, resource }) => ({
    path: { id },
    query: { from: '2026-01-01T00:00:00Z', serviceUserId, resource },
  })),
  listAudit: read(({ actorId }) => ({ query: { actorId } })),
  listConnectionAudit: read(({ id, actorId }) => ({ path: { id }, query: { actorId } })),

  createSession: { status: 201, request: (_, { key }) => ({ body: { key } }) },
  getSession: read(() => ({})),
  endSession: { status: 204, request: () => ({}) },

  createApiKey: {
    status: 201,
    request: (_, { suffix }) => ({ body: { name: `key ${suffix}`, scopes: ['access:read'], expiresAt: null } }),
  },
  listApiKeys: read(() => ({})),
  revokeApiKey: { status: 204, request: ({ keyId }) => ({ path: { keyId } }) },
  configureWebhook: read(),
  getWebhook: read(),
  removeWebhook: { status: 204, request: ofConnection },
  pauseConnection: read(),
  resumeConnection: read(),
  removeConnection: { status: 202, request: ofConnection },

  createTenant: { status: 201, request: (_, { suffix }) => ({ body: { id: `new-${suffix}`, name: 'New' } }) },
  listTenants: read(() => ({})),
  getTenant: read((_, { operated: { tenantId } }) => ({ path: { tenantId } })),
  changeTenant: read((_, { operated: { tenantId } }) => ({ path: { tenantId }, body: { name: 'N', state: 'active' } })),
  createTenantApiKey: {
    status: 201,
    request: (_, { operated: { tenantId }, suffix }) => ({
      path: { tenantId },
      body: { name: `key ${suffix}`, scopes: ['access:read'], expiresAt: null },
    }),
  },
  createSignInLink: {
    status: 201,
    request: (_, { operated: { tenantId } }) => ({
      path: { tenantId },
      body: { name: 'For Ann', scopes: ['access:read'], expiresInMinutes: 1, sessionHours: 1 },
    }),
  },
  listTenantApiKeys: read((_, { operated: { tenantId } }) => ({ path: { tenantId } })),
  revokeTenantApiKey: { status: 204, request: (_, { operated }) => ({ path: { ...operated } }) },
}
