import { z } from 'zod'
import { levels, memberPermissions } from '../types.ts'

const Name = z.string().trim().min(1).max(255)
const Uuid = z.string().regex(/^\{[0-9a-f-]{36}\}$/, 'must be a uuid in braces')
const Slug = z.string().min(1)
const MemberPermission = z.enum(memberPermissions)
const Resource = z.strictObject({ kind: z.enum(['project', 'repository']), uuid: Uuid })
const Principal = z.union([z.strictObject({ userUuid: Uuid }), z.strictObject({ groupSlug: Slug })])

/** One thing that people do in a workspace, as the control API takes it. */
export const Change = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set-member'), userUuid: Uuid, permission: MemberPermission }),
  z.strictObject({ type: z.literal('remove-member'), userUuid: Uuid }),
  z.strictObject({ type: z.literal('add-user'), displayName: Name, permission: MemberPermission }),
  z.strictObject({ type: z.literal('rename-user'), userUuid: Uuid, displayName: Name }),
  z.strictObject({
    type: z.literal('set-account'),
    userUuid: Uuid,
    status: z.enum(['active', 'inactive', 'closed']).optional(),
    accountId: z.string().min(1).nullable().optional(),
    has2fa: z.boolean().nullable().optional(),
  }),
  z.strictObject({ type: z.literal('add-group'), name: Name }),
  z.strictObject({ type: z.literal('remove-group'), slug: Slug }),
  z.strictObject({ type: z.literal('rename-group'), slug: Slug, name: Name }),
  z.strictObject({ type: z.literal('add-group-member'), slug: Slug, userUuid: Uuid }),
  z.strictObject({ type: z.literal('remove-group-member'), slug: Slug, userUuid: Uuid }),
  z.strictObject({ type: z.literal('add-project'), name: Name, isPrivate: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('rename-project'), uuid: Uuid, name: Name }),
  z.strictObject({ type: z.literal('remove-project'), uuid: Uuid }),
  z.strictObject({ type: z.literal('add-repository'), projectUuid: Uuid, name: Name }),
  z.strictObject({ type: z.literal('remove-repository'), uuid: Uuid }),
  z.strictObject({ type: z.literal('rename-repository'), uuid: Uuid, name: Name }),
  z.strictObject({ type: z.literal('move-repository'), uuid: Uuid, projectUuid: Uuid }),
  z.strictObject({ type: z.literal('set-repository-privacy'), uuid: Uuid, isPrivate: z.boolean() }),
  z
    .strictObject({
      type: z.literal('grant'),
      resource: Resource,
      principal: Principal,
      permission: z.enum(levels),
    })
    .refine(({ resource, permission }) => resource.kind === 'project' || permission !== 'create-repo', {
      path: ['permission'],
      message: 'create-repo exists on projects only',
    }),
  z.strictObject({ type: z.literal('revoke'), resource: Resource, principal: Principal }),
])
export type Change = z.infer<typeof Change>

/** The change of one type. */
export type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>

/** The ids that a change concerned or brought into being, by what they are: `userUuid`, `groupSlug`, ... */
export type ChangedIds = Readonly<Record<string, string>>
