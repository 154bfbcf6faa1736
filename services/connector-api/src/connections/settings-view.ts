import { defaultRemovalLimit } from '@clarity/shared/contract/holds'
import { attributeNames, personalAttributes, settingsOf } from '@clarity/shared/contract/settings'
import type { SettingsView } from '@clarity/shared/contract/settings-view'
import type { StoredConnection } from '@clarity/shared/store/connections'
import { credentialsOf } from '@clarity/shared/store/credentials'

const noWrites = 'Atlassian refuses changes of permissions to OAuth consumers, so nothing is ever written to Bitbucket.'
const reasons = {
  uniqueIdentifier:
    'It names the connection in all that was told; an identifier is never changed and never used twice.',
  accessVia:
    'Bitbucket Cloud is reached by its API. Clarity Connect is for applications within your network, Manual for those without an API.',
  workspace: 'Another workspace is another connection.',
  trustRelationship: 'Bitbucket knows accounts, not who works for you, so it cannot be the source of truth.',
  trustPermission: `The connection is read only. ${noWrites}`,
  defaultEntitlement: 'It would be used only when Clarity makes accounts, which it cannot do here.',
} as const

/** The settings of a connection, with what is fixed and why. */
export function toSettingsView({ connection, schedule }: StoredConnection): SettingsView {
  const { name, uniqueIdentifier, workspace, removalLimit = defaultRemovalLimit } = connection
  const { appOwners, include, publishLevels, confirmEmails, attributes } = settingsOf(connection)
  return {
    connectApp: {
      application: 'bitbucket-cloud',
      name,
      uniqueIdentifier: fixed(uniqueIdentifier, reasons.uniqueIdentifier),
      accessVia: fixed('api', reasons.accessVia),
      workspace: fixed(workspace, reasons.workspace),
      credentials: [...credentialsOf(connection)],
    },
    appSettings: {
      schedule,
      appOwners: [...appOwners],
      trustRelationship: fixed('downstream', reasons.trustRelationship),
      trustPermission: fixed('read-only', reasons.trustPermission),
      defaultEntitlement: fixed(null, reasons.defaultEntitlement),
      include,
      removalLimit,
      publishLevels,
    },
    userSettings: {
      provisioning: {
        createUser: fixed(false, noWrites),
        updateUser: fixed(false, noWrites),
        deactivateUser: fixed(false, noWrites),
        deleteUser: fixed(false, noWrites),
        addEntitlement: fixed(false, noWrites),
        removeEntitlement: fixed(false, noWrites),
      },
      onTermination: fixed('nothing', noWrites),
      confirmEmails,
      attributes: attributeNames.map((attribute) => ({
        name: attribute,
        published: attributes.includes(attribute),
        personal: personalAttributes.includes(attribute),
      })),
    },
  }
}

function fixed<const Value>(value: Value, reason: string) {
  return { value, fixed: true as const, reason }
}
