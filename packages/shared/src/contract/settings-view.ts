import { z } from 'zod'
import { CredentialRef } from './connections.ts'
import { RemovalLimit } from './holds.ts'
import { Schedule } from './schedule.ts'
import { AttributeName, Include, PublishLevels } from './settings.ts'

/** The settings of a connection as they are shown, with what is fixed and why, in the order of the wizard of Clarity. */

/** What this integration cannot do differently. */
function fixed<Value extends z.ZodType>(value: Value) {
  return z.object({ value, fixed: z.literal(true), reason: z.string().describe('Why it cannot be changed') })
}

const off = fixed(z.literal(false))

export const SettingsView = z.object({
  connectApp: z.object({
    application: z.literal('bitbucket-cloud'),
    name: z.string(),
    uniqueIdentifier: fixed(z.string()),
    accessVia: fixed(z.literal('api')),
    workspace: fixed(z.object({ uuid: z.string(), slug: z.string(), name: z.string() })),
    credentials: z.array(CredentialRef).describe('Without their secrets; PUT .../credentials replaces them'),
  }),
  appSettings: z.object({
    schedule: Schedule,
    appOwners: z.array(z.string()),
    trustRelationship: fixed(z.literal('downstream')),
    trustPermission: fixed(z.literal('read-only')),
    defaultEntitlement: fixed(z.null()),
    include: Include,
    removalLimit: RemovalLimit,
    publishLevels: PublishLevels,
  }),
  userSettings: z.object({
    provisioning: z.object({
      createUser: off,
      updateUser: off,
      deactivateUser: off,
      deleteUser: off,
      addEntitlement: off,
      removeEntitlement: off,
    }),
    onTermination: fixed(z.literal('nothing')),
    confirmEmails: z.boolean(),
    attributes: z.array(
      z.object({
        name: AttributeName,
        published: z.boolean(),
        personal: z.boolean().describe('It says something of a person'),
      }),
    ),
  }),
})
export type SettingsView = z.infer<typeof SettingsView>

/** What a change of one setting does to what is published already. */
export const SettingEffect = z.object({
  setting: z.string().describe('Name of the setting'),
  effect: z.string().describe('What happens, and when, for people'),
  figures: z.record(z.string(), z.number()).describe('How many it concerns, by what'),
})
export type SettingEffect = z.infer<typeof SettingEffect>
