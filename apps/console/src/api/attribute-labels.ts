import type { AttributeName } from '@clarity/shared/contract/settings'

/** What the attributes of a service user are called. */
export const attributeLabels: Readonly<Record<AttributeName, string>> = {
  displayName: 'Display name',
  nickname: 'Nickname',
  createdOn: 'Account created on',
  twoFactorEnabled: 'Two-step verification',
  addedOn: 'Added to the workspace on',
  lastAccessedOn: 'Last seen in the workspace on',
  profileUrl: 'Address of the profile page',
  email: 'E-mail address, where confirmed',
}
