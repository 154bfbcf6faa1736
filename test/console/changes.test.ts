import { expect, test } from 'vitest'
import { browse, look, lookNarrow } from './browser.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant, untilKnown } from './world.ts'

/** What changes in Bitbucket arrives in the open page as a sentence. */
const tenant = await createTenant('changes')
const workspace = await addWorkspace('changes')
const { slug } = workspace
const { connectionId, sync } = await tenant.api.connectAndSync({ workspace: slug, ...workspace.consumer })
await untilKnown(tenant, connectionId, sync.id)
const page = await browse(await tenant.signInLink())
await page.waitForURL(`${consoleUrl}/`)
const address = `${consoleUrl}/connections/${connectionId}/changes`
const { users, repositories, members } = await bitbucket.truth(slug)

/** A member and a repository on which nothing is assigned to them. */
function strangers(skipped: number) {
  const pairs = members.flatMap(({ userUuid }) => {
    const user = users.find(({ uuid }) => uuid === userUuid)
    const repository = repositories.find((one) => one.users.every((holder) => holder.userUuid !== userUuid))
    return user === undefined || repository === undefined ? [] : [{ user, repository }]
  })
  const pair = pairs[skipped]
  if (pair === undefined) throw new Error('the workspace is too small')
  return pair
}

async function grant({ user, repository }: ReturnType<typeof strangers>, permission: string): Promise<void> {
  const [resource, principal] = [{ kind: 'repository', uuid: repository.uuid }, { userUuid: user.uuid }]
  await bitbucket.change(slug, { type: 'grant', resource, principal, permission })
  const { id, state } = await tenant.api.sync(connectionId)
  expect(state).toBe('completed')
  await untilKnown(tenant, connectionId, id)
}

const [first, second] = [strangers(0), strangers(1)]
const sentence = `${first.user.displayName} can now administer ${first.repository.name}`
const list = page.getByRole('list', { name: 'Changes, the newest first' })

test('a change arrives in the open page, as a sentence, and tells all that the record has', async () => {
  await page.goto(address)
  await page.getByText('No changes since the first sync').waitFor()
  await look(page, 'changes-empty')
  await page.evaluate('window.isStillThis = true')

  await grant(first, 'write')
  await list
    .getByRole('button', { name: `${first.user.displayName} can now write to ${first.repository.name}` })
    .waitFor()
  await grant(first, 'admin')
  const row = list.getByRole('button', { name: sentence })
  await row.waitFor()
  expect(await row.textContent()).toContain('Before: write.')
  expect(await page.evaluate('window.isStillThis')).toBe(true)
  await look(page, 'changes')
  await lookNarrow(page, 'changes')

  await row.click()
  const panel = page.getByRole('dialog')
  await panel.getByText('"direction": "raised"').waitFor()
  await panel.getByText('admin, assigned directly').waitFor()
  await panel.getByText('Headers of the Kafka record').click()
  await panel.getByText('"ce_type": "io.claritysecurity.access.service-user-entitlement.changed.v1"').waitFor()
  await look(page, 'changes-panel')
  await panel.getByRole('button', { name: 'Close' }).click()
  await panel.waitFor({ state: 'detached' })
})

test('filters narrow the list, and the address keeps them', async () => {
  const synced = list.getByRole('button', { name: 'A full sync came to its end' })
  await synced.first().waitFor()
  await page.getByLabel('Kind').selectOption('Access of people')
  await synced.first().waitFor({ state: 'detached' })
  await list.getByRole('button', { name: sentence }).waitFor()
  await page.getByLabel('Person').fill(second.user.displayName.slice(0, 6))
  await page.getByRole('option', { name: second.user.displayName }).first().click()
  await page.getByText('No changes that pass these filters').waitFor()

  await grant(second, 'admin')
  await list.getByRole('button', { name: `${second.user.displayName} can now administer` }).waitFor()
  expect(await list.getByRole('button', { name: sentence }).count()).toBe(0)
  await page.getByText('Only administration').click()
  await page.reload()
  await list.getByRole('button', { name: `${second.user.displayName} can now administer` }).waitFor()
  await page.getByRole('button', { name: `Person: take ${second.user.displayName} away` }).waitFor()
  await look(page, 'changes-filtered')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await synced.first().waitFor()
})

test('who reads further down is told how much is new, and is left where they are', async () => {
  await page.goto(`${address}?first=true`)
  await list.getByRole('button', { name: sentence }).waitFor()
  await list.hover()
  await page.mouse.wheel(0, 2_000)
  await list.getByRole('button', { name: sentence }).waitFor({ state: 'detached' })
  await grant(second, 'read')
  const pill = page.getByRole('button', { name: /^\d+ new$/ })
  await pill.waitFor()
  await look(page, 'changes-new')
  await pill.click()
  await list.getByRole('button', { name: `${second.user.displayName} now has only read on` }).waitFor()
  await pill.waitFor({ state: 'detached' })
})
