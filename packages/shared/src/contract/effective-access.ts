import { z } from 'zod'
import { GrantId, NestingId, ResourceId, ServiceUserId } from './ids.ts'

/** One way by which a service user comes to a resource. */
export const AccessPath = z.object({
  via: z
    .enum(['direct', 'group', 'project', 'project-group', 'workspace-owner'])
    .describe('project and project-group: by what is held on the project that the repository is in'),
  level: z.string().describe('What it gives on the resource; on a repository create-repo counts as write'),
  steps: z.array(
    z.object({
      edge: z
        .string()
        .optional()
        .describe('How this node follows from the one before; the first one follows from none'),
      node: z.string(),
    }),
  ),
})
export type AccessPath = z.infer<typeof AccessPath>

/** What a service user can do on a resource once groups, the project and the role are followed, and why. Derived. */
export const EffectiveAccess = z.object({
  serviceUserId: ServiceUserId,
  resource: ResourceId,
  level: z.string().nullable().describe('The highest of all paths; null without any'),
  paths: z.array(AccessPath),
  decidedBy: z.array(z.int()).describe('Which of the paths give that level'),
  ifRemoved: z
    .array(z.object({ edge: z.union([GrantId, NestingId]), levelAfter: z.string().nullable() }))
    .describe('For each assignment on any path, the level that would be left without it'),
  anyoneMayRead: z.boolean().describe('The repository or project is public: it can be read without any path'),
})
export type EffectiveAccess = z.infer<typeof EffectiveAccess>
