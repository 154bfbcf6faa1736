/** What this integration can do, as Clarity asks it of every application. */
export const capabilities = [
  { what: 'Act as a source of truth', can: false, why: 'Bitbucket does not know who works for you.' },
  {
    what: 'List groups and permissions',
    can: true,
    why: 'Roles, groups, projects, repositories, and who may do what with them.',
  },
  { what: 'Provision a user', can: false, why: 'refused' },
  { what: 'Add or remove a user', can: false, why: 'refused' },
  { what: 'Deactivate a user', can: false, why: 'refused' },
  { what: 'Delete a user', can: false, why: 'refused' },
] as const

export const refused = 'Atlassian refuses changes of permissions to OAuth consumers.'

/** The applications of the marketplace. There is one. */
export const applications = [
  {
    id: 'bitbucket-cloud',
    name: 'Bitbucket Cloud',
    vendor: 'Atlassian',
    category: 'Source control',
    summary:
      'Who may do what in a Bitbucket workspace, and why: roles, groups, permissions on projects and repositories.',
    reads: 'People, groups, projects, repositories and permissions',
    never: 'Code, commits and pull requests',
  },
] as const

export type Application = (typeof applications)[number]

/** Those that a search finds, by any of the words that are shown of them. */
export function searchApplications(search: string): readonly Application[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return applications.filter((application) => {
    const text = Object.values(application).join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
