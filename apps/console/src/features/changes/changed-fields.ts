import type { EventData } from '@clarity/shared/contract/events'
import { say, type Text } from './sentence.ts'

type Changed = EventData<'service-user.updated'>['changed']

const fieldNames: Readonly<Record<string, string>> = {
  status: 'State of the account',
  membership: 'Membership',
  kind: 'Kind of account',
  'externalIds.accountId': 'Atlassian account',
  displayName: 'Name',
  nickname: 'Nickname',
  accountStatus: 'State of the account',
  twoFactorEnabled: 'Sign-in with two steps',
  workspaceRole: 'Role in the workspace',
  addedOn: 'Joined',
  lastAccessedOn: 'Last there',
  profileUrl: 'Page',
  email: 'E-mail',
  emailEvidence: 'How the e-mail is known',
  'resource.name': 'Name',
  'resource.slug': 'Name in addresses',
  'resource.url': 'Page',
  'resource.private': 'Private',
  'resource.defaultPermission': 'What the group gets on new repositories',
  'resource.parent': 'Project',
  privileged: 'Administers',
  riskHint: 'Risk',
  schedule: 'Schedule',
  name: 'Name',
  appOwners: 'Owners',
  include: 'What is read',
  removalLimit: 'Removal guard',
  publishLevels: 'Levels that are told',
  confirmEmails: 'E-mail confirmation',
  attributes: 'Attributes that are told',
}

/** Each field that changed, with what it is now and was before. */
export function describeChanged(changed: Changed): readonly Text[] {
  return Object.entries(changed).map(
    ([field, { from, to }]) =>
      say`${fieldNames[field] ?? field}: ${describeValue(to)}. Before: ${describeValue(from)}.`,
  )
}

/** A value of a field as a word; what is there once it has changed alone says so by itself. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'not told'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}
