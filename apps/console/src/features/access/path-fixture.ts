import type { Access, Path, Step } from './path-words.ts'

const person: Step = { node: 'user:a', name: 'Alma Block' }
const repository: Step = { edge: 'contains', node: 'repository:r', name: 'payments-api' }
const on = (node: string, name: string, edge = 'assigned'): Step => ({ edge, node, name, since: null })

/** One way of each kind, the last two administer. */
export const ways: readonly Path[] = [
  {
    via: 'direct',
    level: 'read',
    since: '2026-05-03T08:00:00.000Z',
    steps: [person, on('repository:r#read', 'payments-api')],
  },
  {
    via: 'project',
    level: 'write',
    since: '2026-05-04T08:00:00.000Z',
    steps: [person, on('project:p#create-repo', 'Payments'), repository],
  },
  {
    via: 'group',
    level: 'write',
    since: '2026-05-04T08:00:00.000Z',
    steps: [
      person,
      on('group:developers#member', 'Developers', 'member of'),
      on('repository:r#write', 'payments-api', 'holds'),
    ],
  },
  {
    via: 'project-group',
    level: 'admin',
    since: '2026-05-06T08:00:00.000Z',
    steps: [
      person,
      on('group:platform#member', 'Platform', 'member of'),
      on('project:p#admin', 'Payments', 'holds'),
      repository,
    ],
  },
  {
    via: 'workspace-owner',
    level: 'admin',
    since: '2026-05-05T08:00:00.000Z',
    steps: [person, on('workspace#owner', 'Acme'), { ...repository, edge: 'administers' }],
  },
]

export const access: Access = {
  serviceUserId: 'user:a',
  resource: 'repository:r',
  level: 'admin',
  paths: [...ways],
  decidedBy: [3, 4],
  ifRemoved: [],
  anyoneMayRead: false,
}
