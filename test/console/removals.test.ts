import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browse, look, lookNarrow } from './browser.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant, untilKnown } from './world.ts'

/** The guard stops removals; somebody looks at them, approves some, has the rest read again, and rejects what comes later. */
const tenant = await createTenant('removals')
const workspace = await addWorkspace('removals')
const { slug } = workspace
const [gone, outage, rejected, unseen] = await assignPeople()
const { connectionId, sync } = await tenant.api.connectAndSync({ workspace: slug, ...workspace.consumer })
await untilKnown(tenant, connectionId, sync.id)
const page = await browse(await tenant.signInLink())
await page.waitForURL(`${consoleUrl}/`)
const address = `${consoleUrl}/connections/${connectionId}`
// Each of the losses below is more than this.
const limit = { removalLimit: { share: 0, count: 1 } }
await tenant.api.call(`/v1/connections/${connectionId}`, limit, 'PATCH', { 'if-match': '*' })

type Repository = Awaited<ReturnType<typeof bitbucket.truth>>['repositories'][number]

/** Four repositories, each with three people and more to whom something is assigned on it. */
async function assignPeople(): Promise<[Repository, Repository, Repository, Repository]> {
  const { members, repositories } = await bitbucket.truth(slug)
  for (const { uuid, users } of repositories.slice(0, 4)) {
    // What somebody has anyhow is refused.
    const writes = new Set(users.flatMap(({ userUuid, permission }) => (permission === 'write' ? [userUuid] : [])))
    for (const { userUuid } of members.filter((member) => !writes.has(member.userUuid)).slice(0, 3)) {
      const [resource, principal] = [{ kind: 'repository', uuid }, { userUuid }]
      await bitbucket.change(slug, { type: 'grant', resource, principal, permission: 'write' })
    }
  }
  const [first, second, third, fourth] = (await bitbucket.truth(slug)).repositories
  if (!first || !second || !third || !fourth) throw new Error('the workspace is too small')
  return [first, second, third, fourth]
}

/** Takes from all people what is assigned to them on a repository. */
async function revokeAll({ uuid, users }: Repository): Promise<void> {
  for (const { userUuid } of users) {
    await bitbucket.change(slug, { type: 'revoke', resource: { kind: 'repository', uuid }, principal: { userUuid } })
  }
}

async function giveBack({ uuid, users }: Repository): Promise<void> {
  for (const { userUuid, permission } of users) {
    const resource = { kind: 'repository', uuid }
    await bitbucket.change(slug, { type: 'grant', resource, principal: { userUuid }, permission })
  }
}

/** A browser that is signed in with these scopes alone, on the page of held removals. */
async function browseAs(scopes: readonly string[]): Promise<Page> {
  const other = await browse(await tenant.signInLink(scopes))
  await other.waitForURL(`${consoleUrl}/`)
  await other.goto(`${address}/removals`)
  return other
}

const table = (on: Page) => on.getByRole('table', { name: 'Held removals' })
const dialog = page.getByRole('dialog')

test('a sync that is held is seen with its numbers; a part is approved with a reason, the rest is read again', async () => {
  await revokeAll(gone)
  await revokeAll(outage)
  const held = gone.users.length + outage.users.length
  expect((await tenant.api.sync(connectionId)).state).toBe('completed')

  await page.goto(`${address}/changes`)
  await page.getByText(`${held} removals are held.`).waitFor()
  await page.getByRole('link', { name: 'Look and decide' }).click()
  await page.getByRole('heading', { name: `${held} removals are held` }).waitFor()
  await page.getByText(`2 scopes: about 4 requests to Bitbucket, at most 8`).waitFor()
  await table(page).getByText(`Repository ${gone.name}`).waitFor()
  await look(page, 'removals-held')
  await lookNarrow(page, 'removals-held')

  await page.getByText('Person or group').click()
  await table(page).getByText('permissions on repositories that are gone').first().waitFor()
  await page.getByText('Cause and resource').click()
  await table(page).getByText(`Repository ${gone.name}`).click()
  await page.getByText(`${gone.users.length} removals selected`).waitFor()
  await page.getByRole('button', { name: `Approve selected (${gone.users.length})` }).click()
  const approve = dialog.getByRole('button', { name: `Approve ${gone.users.length} removals` })
  await approve.click()
  await dialog.getByText('Say why, for whoever asks later.').waitFor()
  await look(page, 'removals-approve')
  await dialog.getByLabel('Reason').fill('The repository was handed over')
  await approve.click()
  await page.getByText(`${gone.users.length} removals were approved`).waitFor()
  await page.getByRole('heading', { name: `${outage.users.length} removals are held` }).waitFor()
  await page.getByText('The repository was handed over').waitFor()

  await giveBack(outage)
  await page.getByRole('button', { name: 'Check these again now' }).click()
  await page.getByText('Checked again: nothing is held any more.').waitFor()
  await page.getByText('Nothing is held', { exact: true }).waitFor()
  await page.getByText('There again').waitFor()
  await page.reload()
  await page.getByText(/The guard has looked at \d+ syncs/).waitFor()
  await look(page, 'removals-nothing-held')
})

test('what is rejected stays as it was told, and is not asked about again', async () => {
  const count = rejected.users.length
  const grants = `/v1/connections/${connectionId}/grants?resource=repository:${rejected.uuid.slice(1, -1)}`
  await revokeAll(rejected)
  await tenant.api.sync(connectionId)
  await page.goto(`${address}/removals`)
  await page.getByRole('button', { name: `Reject all (${count})` }).click()
  await dialog.getByLabel('Reason').fill('An outage of the directory')
  await dialog.getByRole('button', { name: `Reject ${count} removals` }).click()
  await page.getByText(`${count} removals were rejected: nothing was told as gone.`).waitFor()
  await page.getByText('An outage of the directory').waitFor()
  await tenant.api.sync(connectionId)
  await page.reload()
  await page.getByText('Nothing is held', { exact: true }).waitFor()
  expect((await tenant.api.call(grants)).body).toMatchObject({ items: expect.objectContaining({ length: count }) })
})

test('who may not decide sees why', async () => {
  await revokeAll(unseen)
  await tenant.api.sync(connectionId)
  const reader = await browseAs(['connections:read', 'access:read'])
  await reader.getByText('somebody who has it must decide').waitFor()
  expect(await reader.getByRole('button', { name: 'Reject all' }).count()).toBe(0)
  const stranger = await browseAs(['connections:read'])
  await stranger.getByText('You may not see this').waitFor()
})
