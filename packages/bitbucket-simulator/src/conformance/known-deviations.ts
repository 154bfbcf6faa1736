import type { KnownDeviation } from './known.ts'

/** Responses recorded by open-source clients, and kept in their tests. */
const nfalco79 = 'nfalco79/bitbucket-rest-client, src/test/resources/api.bitbucket.org/2.0'
const gildas = 'gildas/bitbucket-cli, testdata'
const demisto = 'demisto/content, Packs/Bitbucket/Integrations/Bitbucket/README.md (bitbucket-project-list)'
const documentation = 'https://developer.atlassian.com/cloud/bitbucket'

const projects = ['/2.0/workspaces/{workspace}/projects', '/2.0/workspaces/{workspace}/projects/{project_key}']
const repositories = ['/2.0/repositories/{workspace}', '/2.0/repositories/{workspace}/{repo_slug}']
const effective = '/2.0/**/permissions/repositories/**'
const userGrants = '/2.0/**/permissions-config/users/**'
const groupGrants = '/2.0/**/permissions-config/groups/**'

const acrossWorkspaces = ['/2.0/workspaces', '/2.0/repositories', '/2.0/user/permissions/*']
const memberships = ['/2.0/workspaces/{workspace}/permissions', '/2.0/user/workspaces/{workspace}/permission']
const personFields = ['account_id', 'nickname', 'account_status', 'is_staff', 'has_2fa_enabled']

/**
 * Where Bitbucket's answers differ from its own description. Each entry has a public source and is needed by some
 * answer: one that no answer needs stands in the report as unused.
 */
export const knownDeviations: readonly KnownDeviation[] = [
  {
    id: 'repository-slug',
    match: {
      keyword: 'undescribed',
      routes: [...repositories, effective],
      pointers: ['/values/*/slug', '/slug', '/values/*/repository/slug'],
    },
    reason: 'A repository says its slug; the description has it in paths only.',
    source: `${nfalco79}/repositories/nfalco79; ${gildas}/repository.json`,
  },
  {
    id: 'repository-workspace',
    match: {
      keyword: 'undescribed',
      routes: repositories,
      pointers: ['/values/*/workspace', '/workspace'],
    },
    reason: 'A repository says its workspace.',
    source: `${nfalco79}/repositories/nfalco79; ${gildas}/repository.json`,
  },
  {
    id: 'repository-override-settings',
    match: {
      keyword: 'undescribed',
      routes: repositories,
      pointers: ['/values/*/override_settings', '/override_settings'],
    },
    reason: 'A repository brings along what the description has as an endpoint of its own.',
    source: `${nfalco79}/repositories/nfalco79; ${gildas}/repository.json`,
  },
  {
    id: 'project-self-link',
    match: {
      keyword: 'additionalProperties',
      routes: [...projects, ...repositories],
      pointers: ['/values/*/links/self', '/links/self', '/**/project/links/self'],
    },
    reason: 'A project links to itself; the description closes its links with html and avatar.',
    source: `${demisto}; ${gildas}/repository.json`,
  },
  {
    id: 'project-workspace',
    match: { keyword: 'undescribed', routes: projects, pointers: ['/values/*/workspace', '/workspace'] },
    reason: 'A project says its workspace.',
    source: demisto,
  },
  {
    id: 'project-owner-person',
    match: {
      keyword: 'discriminator',
      routes: projects,
      pointers: ['/values/*/owner/type', '/owner/type'],
      found: 'user',
    },
    reason: 'The projects of a personal workspace belong to a person; the schema has teams only.',
    source: demisto,
  },
  {
    id: 'project-owner-person-fields',
    match: {
      keyword: 'undescribed',
      routes: projects,
      pointers: personFields.flatMap((field) => [`/values/*/owner/${field}`, `/owner/${field}`]),
    },
    reason: 'The person who owns a project has the fields of a user.',
    source: demisto,
  },
  {
    id: 'team-username',
    match: { keyword: 'undescribed', pointers: ['/**/owner/username'] },
    reason: 'A team, which is how a workspace shows as an owner, has a username.',
    source: `${nfalco79}/repositories/nfalco79/test-repos/permissions-config/groups; runatlantis/atlantis#1110`,
  },
  {
    id: 'group-default-permission',
    match: { keyword: 'undescribed', routes: [groupGrants], pointers: ['/**/group/default_permission'] },
    reason: 'A group says what new repositories give it.',
    source: `${nfalco79}/repositories/nfalco79/test-repos/permissions-config/groups`,
  },
  {
    id: 'group-email-forwarding',
    match: { keyword: 'undescribed', routes: [groupGrants], pointers: ['/**/group/email_forwarding_disabled'] },
    reason: 'A group says whether mail to it is passed on.',
    source: `${nfalco79}/repositories/nfalco79/test-repos/permissions-config/groups`,
  },
  {
    id: 'membership-permission',
    match: {
      keyword: 'undescribed',
      routes: memberships,
      pointers: ['/values/*/permission', '/permission'],
    },
    reason: 'A membership says the role: no schema has it, the text and the example of the same endpoint have.',
    source: `${documentation}/rest/api-group-workspaces/#api-workspaces-workspace-permissions-get`,
  },
  {
    id: 'membership-dates',
    match: {
      keyword: 'undescribed',
      routes: memberships,
      pointers: ['/values/*/added_on', '/values/*/last_accessed', '/added_on', '/last_accessed'],
    },
    reason: 'A membership says since when and how lately, unless its people are administered elsewhere.',
    source: `${documentation}/announcement-breaking-change-workspace-membership`,
  },
  {
    id: 'member-email',
    match: {
      keyword: 'undescribed',
      routes: ['/2.0/workspaces/{workspace}/members'],
      pointers: ['/values/*/user/email'],
    },
    reason: 'Who looks members up by address, and asks for the field, is told the address: only the text says so.',
    source: `${documentation}/rest/api-group-workspaces/#api-workspaces-workspace-members-get`,
  },
  {
    id: 'two-step-unknown',
    match: {
      keyword: 'type',
      pointers: ['/has_2fa_enabled', '/user/has_2fa_enabled', '/values/*/user/has_2fa_enabled'],
      found: 'null',
    },
    reason: 'Where Bitbucket does not say whether an account has two-step verification, it says null.',
    source: `${nfalco79}/user`,
  },
  {
    id: 'app-user-as-user',
    match: {
      keyword: 'discriminator',
      routes: [userGrants, effective],
      pointers: ['/values/*/user/type', '/user/type'],
      found: 'app_user',
    },
    reason: 'Since 2023 an app user may stand wherever a user does; the schemas of permissions allow users only.',
    source: `${documentation}/announcement-introducing-app-user`,
  },
  {
    id: 'app-user-kind',
    match: { keyword: 'undescribed', routes: [userGrants, effective], pointers: ['/values/*/user/kind', '/user/kind'] },
    reason: 'An app user says its kind, also where the schema expects a user.',
    source: `${gildas}/pullrequests.json`,
  },
  {
    id: 'scope-failure-detail',
    match: { keyword: 'type', status: 403, pointers: ['/error/detail'], found: 'object' },
    reason: 'The detail of a scope failure is an object: the scopes granted and required.',
    source: `${gildas}/error-privileges.json; DrFaust92/terraform-provider-bitbucket, bitbucket/error.go`,
  },
  {
    id: 'unlisted-401',
    match: { keyword: 'status', status: 401 },
    reason: 'Every endpoint refuses a wrong or expired credential; few list it.',
    source: `${documentation}/rest/intro/#authentication`,
  },
  {
    id: 'unlisted-403',
    match: { keyword: 'status', status: 403 },
    reason: 'Every endpoint refuses a credential that lacks its scope; few list it.',
    source: `${gildas}/error-privileges.json; ${documentation}/rest/intro/#scopes`,
  },
  {
    id: 'unlisted-400',
    match: {
      keyword: 'status',
      status: 400,
      routes: [
        '/2.0/workspaces/{workspace}/*',
        '/2.0/**/permissions-config/*',
        effective,
        '/2.0/repositories/{workspace}',
      ],
    },
    reason: 'Every list refuses a page length, a filter or an order that it does not take; few list it.',
    source: `jenkinsci/bitbucket-branch-source-plugin#1182; ${documentation}/rest/intro/#filtering`,
  },
  {
    id: 'unlisted-404',
    match: { keyword: 'status', status: 404, routes: ['/2.0/workspaces/{workspace}/**'] },
    reason: 'What lies below a workspace is not found where the workspace is not; few endpoints list it.',
    source: `${documentation}/rest/api-group-workspaces/#api-workspaces-workspace-get`,
  },
  {
    id: 'removed-endpoint',
    match: { keyword: 'status', status: 410, routes: acrossWorkspaces },
    reason: 'The lists across workspaces were removed in April 2026 and are still described.',
    source: 'ktrysmt/go-bitbucket#357',
  },
  {
    id: 'removed-endpoint-data',
    match: { keyword: 'undescribed', status: 410, routes: acrossWorkspaces, pointers: ['/data'] },
    reason: 'The answer of a removed endpoint says where it was announced, in the error and once more beside it.',
    source: 'ktrysmt/go-bitbucket#357',
  },
  {
    id: 'moved-repository',
    match: { keyword: 'status', status: 301, routes: ['/2.0/repositories/{workspace}/{repo_slug}/**'] },
    reason: 'The former path of a repository leads to its new one.',
    source: 'zarplata/concourse-git-bitbucket-pr-resource#39',
  },
  {
    id: 'unlisted-429',
    match: { keyword: 'status', status: 429 },
    reason: 'Every endpoint refuses who has used up the hour; hardly one lists it.',
    source: 'https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/; MitjaBezensek/SharpBucket#108',
  },
  {
    id: 'rate-limit-as-text',
    match: { keyword: 'content-type', status: 429 },
    reason: 'The refusal of who has used up the hour has been seen as plain text.',
    source: 'MitjaBezensek/SharpBucket#108',
  },
]
