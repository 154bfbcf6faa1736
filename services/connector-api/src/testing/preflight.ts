import type { Preflight } from '@clarity/shared/contract/preflight'

/** What a preflight of the workspace `acme` answers where nothing is in the way, but for what is given. */
export function preflightAnswer(given: Partial<Preflight> = {}): Preflight {
  const scopes = { granted: ['account'], missing: [], excess: [] }
  return {
    ready: true,
    problems: [],
    warnings: [],
    credential: { state: 'works' },
    credentials: [{ kind: 'oauth-consumer', key: 'consumer', scopes, state: 'works' }],
    scopes,
    workspace: { state: 'found', uuid: '{w}', slug: 'acme', name: 'Acme' },
    administrator: null,
    endpoints: [{ endpoint: 'GET /1.0/groups/{workspace_slug}', state: 'readable' }],
    counts: { members: 1, groups: null, projects: 2, repositories: 3 },
    included: null,
    fullSync: { requests: 15, requestsPerHour: 1_000, hours: 0.02 },
    cadences: null,
    scheduledRun: null,
    preview: { serviceUsers: [], groups: [], projects: [], repositories: [], grants: [] },
    requests: 10,
    ...given,
  }
}
