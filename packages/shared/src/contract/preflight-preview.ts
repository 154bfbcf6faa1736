import { z } from 'zod'
import { GroupMembershipId, ResourceId, ServiceUserId } from './ids.ts'

/** How many of each kind a preview shows at most. */
export const previewRowsMax = 20

const rows = <Row extends z.ZodType>(row: Row) => z.array(row).max(previewRowsMax)
const displayName = z
  .string()
  .nullable()
  .describe('Null where Bitbucket does not tell it, and where the settings leave it out')

/** The first facts as a sync would publish them: what the preflight has read anyway, without any address. */
export const PreflightPreview = z
  .object({
    serviceUsers: rows(
      z.object({
        id: ServiceUserId,
        displayName,
        role: z.string().describe('In the workspace, such as owner or member; an open set'),
      }),
    ),
    groups: rows(
      z.object({ id: GroupMembershipId, name: z.string(), members: z.int().describe('How many members it has') }),
    ),
    projects: rows(z.object({ id: ResourceId, key: z.string(), name: z.string() })),
    repositories: rows(
      z.object({
        id: ResourceId,
        slug: z.string(),
        name: z.string(),
        projectKey: z.string().nullable().describe('Null where Bitbucket does not tell it'),
      }),
    ),
    grants: rows(
      z.object({
        holder: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('service-user'), id: ServiceUserId, displayName }),
          z.object({ kind: z.literal('group'), id: GroupMembershipId, name: z.string() }),
        ]),
        level: z.string().describe('An open set'),
        resource: z.object({ kind: z.enum(['project', 'repository']), id: ResourceId, name: z.string() }),
      }),
    ).describe('Of the first project and the first repository that are included'),
  })
  .describe('The first of each kind, 20 at most; empty where nothing could be read')
export type PreflightPreview = z.infer<typeof PreflightPreview>
