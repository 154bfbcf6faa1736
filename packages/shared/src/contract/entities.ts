import { z } from 'zod'
import { EmailEvidence } from './candidate-emails.ts'
import { EntitlementId, GrantId, GroupMembershipId, NestingId, ServiceUserId } from './ids.ts'

/**
 * The normalized model. Absent and null differ: absent is "Bitbucket did not say", null is "Bitbucket
 * said that there is none or that it does not tell". Receivers ignore fields that they do not know.
 */

export const Instant = z.iso.datetime().describe('ISO 8601 in UTC')

export const ServiceUserAttributes = z
  .object({
    displayName: z.string().optional().describe('Name that the account shows'),
    nickname: z.string().optional().describe('Short name that the account has chosen'),
    accountStatus: z.string().optional().describe('As Bitbucket writes it; an open set'),
    createdOn: z.string().optional().describe('When the account was made, as Bitbucket writes it'),
    twoFactorEnabled: z
      .boolean()
      .nullable()
      .optional()
      .describe('Whether it signs in with two steps; null: Bitbucket does not tell'),
    workspaceRole: z.string().optional().describe('Role in the workspace, such as owner or member; an open set'),
    addedOn: z.string().optional().describe('When it joined the workspace, as Bitbucket writes it'),
    lastAccessedOn: z.iso
      .date()
      .optional()
      .describe('When it was last there, to the day: it moves too often to be a change each time'),
    profileUrl: z.string().optional().describe('Page of the account at Bitbucket'),
    email: z.string().optional().describe('Its address, as confirmed by Bitbucket'),
    emailEvidence: EmailEvidence.optional().describe('Absent: no address was ever sent to be asked about'),
  })
  .describe('What Bitbucket says of the account. Absent: it did not say')
export type ServiceUserAttributes = z.infer<typeof ServiceUserAttributes>

export const ServiceUser = z
  .object({
    id: ServiceUserId,
    kind: z.enum(['person', 'app', 'team', 'unknown']).describe('unknown: a kind of account that has no name here yet'),
    status: z.enum(['active', 'inactive', 'closed', 'unknown']).describe('State of the account'),
    membership: z.enum(['member', 'outside']).describe('outside: holds something but is no member of the workspace'),
    externalIds: z
      .object({
        uuid: z.string().describe('With its braces'),
        accountId: z.string().optional().describe('Id of the Atlassian account'),
      })
      .describe('What Bitbucket knows it by'),
    attributes: ServiceUserAttributes,
  })
  .describe('An account in Bitbucket that is in the workspace or holds something there')
export type ServiceUser = z.infer<typeof ServiceUser>

export const Resource = z
  .object({
    kind: z.enum(['workspace', 'group', 'project', 'repository']).describe('What it is'),
    uuid: z.string().optional().describe('A group has none'),
    slug: z.string().optional().describe('Its name in addresses; a project has none'),
    key: z.string().optional().describe('Of a project'),
    name: z.string().describe('Its name for people'),
    url: z.string().optional().describe('Its page at Bitbucket'),
    private: z.boolean().optional().describe('false: anyone may read it; that is never a grant'),
    defaultPermission: z.string().nullable().optional().describe('Of a group: what it gets on new repositories'),
    parent: z
      .object({
        kind: z.literal('project').describe('What it is'),
        uuid: z.string().describe('With its braces'),
        key: z.string().describe('Of the project'),
      })
      .optional()
      .describe('The project that a repository is in'),
  })
  .describe('What a level is held on')
export type Resource = z.infer<typeof Resource>

export const Entitlement = z
  .object({
    id: EntitlementId,
    kind: z
      .enum(['workspace-role', 'group-membership', 'project-permission', 'repository-permission'])
      .describe('What holding it means'),
    level: z.string().describe('An open set; known ones are ordered none < read < write < create-repo < admin'),
    name: z.string().describe('Unique within a connection'),
    resource: Resource,
    privileged: z.boolean().describe('Whether it lets its holder administer the resource'),
    riskHint: z
      .enum(['high', 'normal'])
      .describe('high: privileged, or a group that gets write or admin on new repositories'),
  })
  .describe('Something that can be held: a level on a resource')
export type Entitlement = z.infer<typeof Entitlement>

export const Grant = z
  .object({
    id: GrantId,
    serviceUserId: ServiceUserId,
    entitlementId: EntitlementId,
    assignment: z.literal('direct').describe('Always direct: what comes by a group is a nesting'),
  })
  .describe('A service user holds an entitlement, assigned in Bitbucket')
export type Grant = z.infer<typeof Grant>

export const Nesting = z
  .object({
    id: NestingId,
    container: GroupMembershipId.describe('Membership of the group that holds it'),
    contained: EntitlementId.describe('What each member of the group gets by it'),
  })
  .describe('The membership of a group gives an entitlement')
export type Nesting = z.infer<typeof Nesting>
