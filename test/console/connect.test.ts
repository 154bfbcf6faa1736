import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { browse, look, lookNarrow, type Window } from './browser.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant, type SeededWorkspace } from './world.ts'

const Changes = z.object({ items: z.array(z.object({ sequence: z.int() })) })
const Syncs = z.object({ items: z.array(z.object({ id: z.string() })) })
const onSync = /\/connections\/(con_\w+)\/syncs\/(syn_\w+)$/

const tenant = await createTenant('connect')

/** Everything that the browser keeps beyond the page. */
function keptIn(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
}

async function openWizard(window: Window = {}): Promise<Page> {
  const page = await browse(await tenant.signInLink(), window)
  await page.getByRole('link', { name: 'Marketplace', exact: true }).waitFor()
  await page.goto(`${consoleUrl}/connect`)
  await page.getByRole('heading', { name: 'Connect App' }).waitFor()
  // What a test before has typed is of the same tenant, and of another browser.
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('')
  return page
}

async function fillConnectApp(page: Page, { slug, consumer }: SeededWorkspace, secret = consumer.secret) {
  await page.getByLabel('Name', { exact: true }).fill(`Bitbucket ${slug}`)
  await page.getByLabel('Workspace', { exact: true }).fill(`https://bitbucket.org/${slug}/workspace/overview`)
  await page.getByLabel('API key').fill(consumer.key)
  await page.getByLabel('API secret').fill(secret)
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })

test('the marketplace says what is read and why, and leads to the wizard', async () => {
  const page = await browse(await tenant.signInLink())
  await page.getByRole('link', { name: 'Marketplace', exact: true }).click()
  await page.getByLabel('Search the marketplace').fill('jira')
  await page.getByText("No application fits 'jira'").waitFor()
  await page.getByLabel('Search the marketplace').fill('source control')
  await look(page, 'marketplace')
  await page.getByRole('link', { name: 'What it can do' }).click()
  await heading(page, 'Why a read-only integration asks for Admin permissions').waitFor()
  await look(page, 'marketplace-bitbucket')
  await lookNarrow(page, 'marketplace-bitbucket')
  await page.getByRole('link', { name: 'Connect', exact: true }).click()
  await heading(page, 'Connect App').waitFor()
})

test('leads from nothing to the first event in the feed', async () => {
  const workspace = await addWorkspace('whole')
  const page = await openWizard()
  await press(page, 'Continue')
  await page.getByText('things are to be corrected').waitFor()
  await page.getByRole('button', { name: 'Workspace', exact: true }).click()
  expect(await page.getByLabel('Workspace', { exact: true }).evaluate((it) => it === document.activeElement)).toBe(true)
  await look(page, 'connect-app-mistakes')
  await fillConnectApp(page, workspace)
  expect(await page.getByLabel('Unique identifier').inputValue()).toBe(`bitbucket-${workspace.slug}`)
  await lookNarrow(page, 'connect-app')
  await press(page, 'Continue')

  await heading(page, 'App settings').waitFor()
  expect(await heading(page, 'App settings').evaluate((it) => it === document.activeElement)).toBe(true)
  await page.getByText('Permissions on repositories', { exact: true }).waitFor()
  await page.getByRole('textbox', { name: 'Repositories' }).fill('!nothing-is-called-so')
  await press(page, 'Look at the workspace: what that matches')
  await page.getByText('16 of 16 repositories').waitFor()
  await look(page, 'connect-app-settings')
  await lookNarrow(page, 'connect-app-settings')
  await press(page, 'Continue')

  await heading(page, 'User settings').waitFor()
  await page.getByLabel('Candidate addresses').fill('ada@example.com\nno address')
  await page.getByText('Row 2 is not an e-mail address').waitFor()
  await look(page, 'connect-user-settings')
  await press(page, 'Continue')

  await page.getByText('Everything can be read.').waitFor()
  await press(page, 'Continue')

  await page.getByRole('heading', { name: 'What happens when you save' }).waitFor()
  await look(page, 'connect-review')
  expect(await keptIn(page)).not.toContain('ada@example.com')
  await page.getByRole('button', { name: 'Save', exact: true }).dblclick()
  await page.waitForURL(onSync)
  const [, connectionId, syncId] = onSync.exec(page.url()) ?? []
  const { body: syncs } = await tenant.api.call(`/v1/connections/${connectionId}/syncs`)
  expect(Syncs.parse(syncs).items.map(({ id }) => id)).toEqual([syncId])
  // The access view learns of the connection by its first event.
  const firstEvent = async () => {
    const { body } = await tenant.api.call(`/v1/connections/${connectionId}/changes?limit=1&wait=5`)
    return Changes.safeParse(body).data?.items.at(0)?.sequence
  }
  await expect.poll(firstEvent, { timeout: 20_000 }).toBe(1)
  const { body: settings } = await tenant.api.call(`/v1/connections/${connectionId}/settings`)
  expect(settings).toMatchObject({ appSettings: { schedule: { mode: 'interval', minutes: 30 } } })
  // Nothing is left of it for the next one.
  expect(await keptIn(page)).not.toContain(workspace.slug)
})

test('says of a wrong secret where to get the right one, and goes on with that', async () => {
  const workspace = await addWorkspace('secret')
  const page = await openWizard({ colorScheme: 'dark' })
  await fillConnectApp(page, workspace, 'not-the-secret')
  await press(page, 'Continue')
  await page.getByText('Bitbucket does not know this key and secret').waitFor()
  await look(page, 'connect-wrong-secret-told')
  await page.getByRole('link', { name: 'Correct it' }).click()
  await heading(page, 'Connect App').waitFor()
  await look(page, 'connect-wrong-secret')
  await page.getByLabel('API secret').fill(workspace.consumer.secret)
  expect(await page.getByText('Bitbucket does not know this key and secret').count()).toBe(0)
  await page.getByRole('link', { name: 'Validate' }).click()
  await page.getByText('Everything can be read.').waitFor()
  await look(page, 'connect-validate-dark')
  await page.goBack()
  await heading(page, 'Connect App').waitFor()
})

test('names the permissions that are missing, and goes on once they are ticked', async () => {
  const workspace = await addWorkspace('scopes')
  const scopes = ['account', 'project', 'repository']
  await bitbucket.changeConsumer(workspace.slug, workspace.consumer.key, { scopes: [...scopes, 'repository:write'] })
  const page = await openWizard()
  await fillConnectApp(page, workspace)
  await page.getByRole('link', { name: 'Validate' }).click()
  await page.getByText('Two permissions are missing: Projects: Admin, Repositories: Admin.').waitFor()
  await look(page, 'connect-missing-scopes')
  await lookNarrow(page, 'connect-missing-scopes')
  await page.getByRole('link', { name: 'Review & Save' }).click()
  await page.getByText('Something stands in the way: see the checks.').waitFor()
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
  await page.goBack()

  const all = [...scopes, 'project:admin', 'repository:admin']
  await bitbucket.changeConsumer(workspace.slug, workspace.consumer.key, { scopes: [...all, 'repository:write'] })
  await press(page, 'Validate again')
  await page.getByText('This consumer may also write code.').waitFor()
  await page.getByText('Everything can be read.').waitFor()
})

test('keeps what was typed when the page is left, and never a secret', async () => {
  const workspace = await addWorkspace('draft')
  const page = await openWizard()
  await fillConnectApp(page, workspace)
  await press(page, 'Add a credential')
  await page.getByRole('radio', { name: /API token/ }).check({ force: true })
  await page.getByLabel('E-mail of the Atlassian account').fill('admin@example.com')
  await page.getByLabel('Token', { exact: true }).fill('hidden-token')
  await page.getByRole('link', { name: 'App settings' }).click()
  await page.getByLabel('Every 6 hours').check({ force: true })
  const kept = await keptIn(page)
  expect(kept).toContain('admin@example.com')
  for (const secret of [workspace.consumer.secret, 'hidden-token']) expect(kept).not.toContain(secret)

  const address = page.url()
  const context = page.context()
  await page.close()
  const again = await context.newPage()
  await again.goto(address)
  await heading(again, 'App settings').waitFor()
  expect(await again.getByLabel('Every 6 hours').isChecked()).toBe(true)
  await again.getByRole('link', { name: 'Connect App', exact: true }).click()
  await again.getByText('enter it again to go on').waitFor()
  await look(again, 'connect-draft-kept')
  expect(await again.getByLabel('Name', { exact: true }).inputValue()).toBe(`Bitbucket ${workspace.slug}`)
  expect(await again.getByLabel('API key').inputValue()).toBe(workspace.consumer.key)
  expect(await again.getByLabel('API secret').inputValue()).toBe('')
  expect(await again.getByLabel('Token', { exact: true }).inputValue()).toBe('')
})

test('keeps everything but the secret when Save is refused', async () => {
  const workspace = await addWorkspace('refused')
  const page = await openWizard()
  await fillConnectApp(page, workspace)
  await page.getByRole('link', { name: 'Review & Save' }).click()
  await page.getByText('Everything can be read.').waitFor()
  // Between the validation and Save somebody unticks it.
  await bitbucket.changeConsumer(workspace.slug, workspace.consumer.key, { private: false })
  await press(page, 'Save')
  await page.getByText('Nothing was saved. Your entries are kept, but not the secret').waitFor()
  await look(page, 'connect-save-refused')
  await page.getByRole('link', { name: 'API secret' }).click()
  await heading(page, 'Connect App').waitFor()
  const secret = page.getByLabel('API secret')
  expect(await secret.evaluate((it) => it === document.activeElement)).toBe(true)
  expect(await secret.inputValue()).toBe('')
  expect(await page.getByLabel('API key').inputValue()).toBe(workspace.consumer.key)
})

test('is not for those who may not connect', async () => {
  const page = await browse(await tenant.signInLink(['connections:read']))
  await page.getByRole('link', { name: 'Marketplace', exact: true }).waitFor()
  await page.goto(`${consoleUrl}/connect`)
  await page.getByText('You may not see this').waitFor()
  await page.goto(`${consoleUrl}/marketplace/bitbucket-cloud`)
  await page.getByText('you can look but not connect').waitFor()
  await look(page, 'marketplace-bitbucket-read-only')
})
