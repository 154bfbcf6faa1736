import { removalConfirmation, type SyncEvidence } from '../contract/evidence.ts'

/** Evidence of a sync that met some of everything. */
export const exampleEvidence: SyncEvidence = {
  version: 1,
  tenantId: 'acme',
  connection: { id: 'con_41', uniqueIdentifier: 'bitbucket-acme' },
  workspace: { uuid: '{6f1c0e52-0d3f-4a52-9a55-6c8f0f1e2d3c}', slug: 'acme' },
  sync: {
    id: 'syn_88',
    kind: 'full',
    trigger: 'schedule',
    state: 'completed',
    requestedAt: '2026-11-23T10:15:00.000Z',
    startedAt: '2026-11-23T10:15:02.113Z',
    finishedAt: '2026-11-23T20:45:10.000Z',
  },
  listings: {
    members: { read: 2000, bitbucketReported: 2000, pages: 20 },
    projects: { read: 200, bitbucketReported: 200, pages: 2 },
    repositories: { read: 5000, bitbucketReported: null, pages: 50 },
  },
  coverage: { complete: 5201, stale: 1, unobservable: 1 },
  notRead: {
    scopes: [
      {
        scope: 'repository/0d3f',
        state: 'unobservable',
        reason: 'http-403',
        since: '2026-11-22T09:00:00.000Z',
        lastReadAt: null,
      },
      {
        scope: 'project/77aa',
        state: 'stale',
        reason: 'timeout, "twice"',
        since: '2026-11-23T11:00:00.000Z',
        lastReadAt: '2026-11-23T10:00:00.000Z',
      },
    ],
    more: 0,
  },
  removals: { told: { grants: 11, nestings: 2 }, confirmation: { ...removalConfirmation }, held: 0 },
  facts: { serviceUsers: 2010, entitlements: 9000, grants: 41210, nestings: 812, sha256: 'ab'.repeat(32) },
  requests: 10511,
  software: { name: 'clarity-bitbucket', version: '0.1.0' },
}
