import type { Preflight } from './preflight.ts'

const endpoints = [
  'GET /2.0/workspaces/{workspace}/permissions',
  'GET /2.0/workspaces/{workspace}/projects',
  'GET /2.0/repositories/{workspace}',
  'GET /1.0/groups/{workspace_slug}',
  'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/users',
  'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/groups',
  'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users',
  'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/groups',
]

const scopes = {
  granted: ['account', 'project', 'project:admin', 'repository', 'repository:admin'],
  missing: [],
  excess: [],
}

/** A validation that finds everything in order, for tests: 2,000 people, 200 projects, 5,000 repositories. */
export const preflightExample: Preflight = {
  ready: true,
  problems: [],
  warnings: [],
  credential: { state: 'works' },
  credentials: [{ kind: 'oauth-consumer', key: 'key', scopes, state: 'works' }],
  scopes,
  workspace: { state: 'found', uuid: '{01234567-89ab-4cde-8f01-23456789abcd}', slug: 'acme', name: 'Acme' },
  administrator: true,
  endpoints: endpoints.map((endpoint) => ({ endpoint, state: 'readable' })),
  counts: { members: 2_000, groups: 41, projects: 200, repositories: 5_000 },
  included: null,
  fullSync: { requests: 10_474, requestsPerHour: 1_000, hours: 10.48 },
  cadences: {
    requestsPerHour: { total: 1_000, interactive: 20, secondReads: 20, planned: 960 },
    runEverySeconds: 300,
    requestsPerRun: 81,
    stretch: 1,
    detector: { kind: 'none', reason: 'rows-unknown' },
    tiers: [
      tier('members', 21, 1_800),
      tier('groups', 1, 300),
      tier('projects', 2, 1_800),
      tier('repositories', 50, 1_800),
      tier('project-permissions', 400, 14_400),
      tier('repository-permissions', 10_000, 52_000),
    ],
  },
  scheduledRun: { kind: 'incremental', requests: 486, everySeconds: 1_800 },
  preview: { serviceUsers: [], groups: [], projects: [], repositories: [], grants: [] },
  requests: 10,
}

type Tier = NonNullable<Preflight['cadences']>['tiers'][number]

function tier(name: Tier['tier'], requests: number, everySeconds: number): Tier {
  return {
    ...{ tier: name, requests, everySeconds, requestsPerHour: (requests * 3_600) / everySeconds },
    ...{ expectedMedianSeconds: everySeconds / 2, expectedP95Seconds: everySeconds * 0.95 },
  }
}
