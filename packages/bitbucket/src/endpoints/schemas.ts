import { z } from 'zod'
import { pageOf } from '../pages.ts'

/** Where Bitbucket knows no value, one endpoint leaves the field out and another one says null. */
const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined)
  .optional()

/**
 * What is used of Bitbucket's answers. Unknown fields are ignored; enumerations are open, for Atlassian adds to them.
 * Accounts come condensed and differ by endpoint: only the uuid can be relied on.
 */
export const Account = z.object({
  uuid: z.string(),
  type: text,
  account_id: z.string().nullish(),
  display_name: text,
  nickname: text,
  account_status: text,
  has_2fa_enabled: z.boolean().nullish(),
  created_on: text,
})
export type Account = z.infer<typeof Account>

/** A user's row of a list of explicit permissions. */
export const UserPermission = z.object({ permission: z.string(), user: Account })
export type UserPermission = z.infer<typeof UserPermission>
export const UserPermissionPage = pageOf(UserPermission)

/** A group's row of a list of explicit permissions. */
export const GroupPermission = z.object({
  permission: z.string(),
  group: z.object({ slug: z.string(), name: z.string() }),
})
export type GroupPermission = z.infer<typeof GroupPermission>
export const GroupPermissionPage = pageOf(GroupPermission)

/** A whitelist that leaves out `next` would end every listing after its first page, without a word. */
const paging = 'next,page,pagelen,size'

/** The `fields` parameter that asks for these fields of each row and for what paging needs. */
export function onlyFields(...fields: readonly string[]): { readonly fields: string } {
  return { fields: [paging, ...fields.map((field) => `values.${field}`)].join(',') }
}

/** The query that asks for these fields of a single object. */
export function fieldsOf(...fields: readonly string[]): URLSearchParams {
  return new URLSearchParams({ fields: fields.join(',') })
}

/** The fields of an account that are asked for wherever one comes. */
export const accountFields = ['uuid', 'type', 'account_id', 'display_name', 'nickname']

/** Those that Bitbucket is asked for besides where an account itself is what is read. */
export const accountStateFields = ['account_status', 'has_2fa_enabled', 'created_on']

/** The fields of an account that the lists of permissions are asked for. */
export const userFields = accountFields.map((field) => `user.${field}`)
