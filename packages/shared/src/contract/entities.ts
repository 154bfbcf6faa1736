import { z } from 'zod'
import { EmailEvidence } from './candidate-emails.ts'
import { EntitlementId, GrantId, GroupMembershipId, NestingId, ServiceUserId } from './ids.ts'

/**
 * The normalized model. Absent and null differ: absent is "Bitbucket did not say", null is "Bitbucket
 * said that there is none or that it does not tell". Receivers ignore fields that they do not know.
 */

export const Instant = z.iso.datetime().describe('ISO 8601 in UTC')

export const ServiceUserAttributes = z.object({
  displayName: z.string().optional(),
  nickname: z.string().optional(),
  accountStatus: z.string().optional(),
  createdOn: z.string().optional(),
  twoFactorEnabled: z.boolean().nullable().optional().describe('null: Bitbucket does not tell'),
  workspaceRole: z.string().optional(),
  addedOn: z.string().optional(),
  lastAccessedOn: z.iso.date().optional().describe('To the day: it moves too often to be a change each time'),
  profileUrl: z.string().optional(),
  email: z.string().optional().describe('An address that Bitbucket has confirmed'),
  emailEvidence: EmailEvidence.optional().describe('Absent: no address was ever sent to be asked about'),
})
export type ServiceUserAttributes = z.infer<typeof ServiceUserAttributes>

export const ServiceUser = z.object({
  id: ServiceUserId,
  kind: z.enum(['person', 'app', 'team', 'unknown']),
  status: z.enum(['active', 'inactive', 'closed', 'unknown']),
  membership: z.enum(['member', 'outside']).describe('outside: holds something but is no member of the workspace'),
  externalIds: z.object({ uuid: z.string(), accountId: z.string().optional() }),
  attributes: ServiceUserAttributes,
})
export type ServiceUser = z.infer<typeof ServiceUser>

export const Resource = z.object({
  kind: z.enum(['workspace', 'group', 'project', 'repository']),
  uuid: z.string().optional().describe('A group has none'),
  slug: z.string().optional(),
  key: z.string().optional(),
  name: z.string(),
  url: z.string().optional(),
  private: z.boolean().optional().describe('false: anyone may read it; that is never a grant'),
  defaultPermission: z.string().nullable().optional().describe('Of a group: what it gets on new repositories'),
  parent: z.object({ kind: z.literal('project'), uuid: z.string(), key: z.string() }).optional(),
})
export type Resource = z.infer<typeof Resource>

export const Entitlement = z.object({
  id: EntitlementId,
  kind: z.enum(['workspace-role', 'group-membership', 'project-permission', 'repository-permission']),
  level: z.string().describe('An open set; known ones are ordered none < read < write < create-repo < admin'),
  name: z.string().describe('Unique within a connection'),
  resource: Resource,
  privileged: z.boolean(),
  riskHint: z.enum(['high', 'normal']),
})
export type Entitlement = z.infer<typeof Entitlement>

export const Grant = z.object({
  id: GrantId,
  serviceUserId: ServiceUserId,
  entitlementId: EntitlementId,
  assignment: z.literal('direct'),
})
export type Grant = z.infer<typeof Grant>

export const Nesting = z.object({
  id: NestingId,
  container: GroupMembershipId,
  contained: EntitlementId,
})
export type Nesting = z.infer<typeof Nesting>
