import { z } from 'zod'

/** The least a reader of permissions needs. */
export const readerScopes = ['account', 'project', 'project:admin', 'repository', 'repository:admin']

export const WorkspaceSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,61}$/, 'must be lower-case letters, digits, dashes and underscores')

/** What may be set on an OAuth consumer; what is left out keeps its value, or the default on a new one. */
export const ConsumerSettings = z.strictObject({
  secret: z.string().min(1).optional(),
  scopes: z.array(z.string().regex(/^[a-z]+(:[a-z]+)?$/, 'is not a scope')).optional(),
  private: z.boolean().optional(),
  callbackUrl: z.url().nullable().optional(),
  administrator: z.boolean().optional(),
})
export type ConsumerSettings = z.infer<typeof ConsumerSettings>

/** What may be set on a workspace while it lives. */
export const WorkspaceSettings = z.strictObject({
  kind: z.enum(['team', 'personal']).optional(),
  administration: z.enum(['bitbucket', 'admin.atlassian.com']).optional(),
  seats: z.int().min(0).max(1_000_000).optional(),
  effectiveIncludes: z.strictObject({ projects: z.boolean(), owners: z.boolean() }).optional(),
})
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>

/** How large a workspace the seed grows. `users` counts members; a few outsiders come on top. */
export const WorkspaceOptions = z
  .strictObject({
    slug: WorkspaceSlug.optional(),
    name: z.string().min(1).optional(),
    users: z.int().min(1).max(100_000),
    groups: z.int().min(0).max(10_000),
    projects: z.int().min(0).max(10_000),
    repositories: z.int().min(0).max(100_000),
    /** Explicit grants of a repository on average, a fifth of them to groups; some two when left out. */
    grantsPerRepository: z.int().min(0).max(1_000).optional(),
    seed: z.int(),
    settings: WorkspaceSettings.optional(),
    consumer: ConsumerSettings.extend({ key: z.string().min(1).optional() }).optional(),
  })
  .refine((options) => options.repositories === 0 || options.projects > 0, {
    path: ['projects'],
    message: 'must be at least 1 when there are repositories: each one lives in a project',
  })
export type WorkspaceOptions = z.infer<typeof WorkspaceOptions>
