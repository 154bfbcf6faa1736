import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { browse, look, lookNarrow } from './browser.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant } from './world.ts'

const tenant = await createTenant('settings')
const Settings = z.object({
  appSettings: z.object({
    schedule: z.unknown(),
    removalLimit: z.object({ share: z.number(), count: z.number() }),
    include: z.object({ repositories: z.array(z.string()).nullable() }),
  }),
  connectApp: z.object({ name: z.string(), credentials: z.array(z.object({ key: z.string() })) }),
})

async function connect(name: string) {
  const workspace = await addWorkspace(name)
  const { connectionId } = await tenant.api.connectAndSync({ workspace: workspace.slug, ...workspace.consumer })
  return { ...workspace, connectionId }
}

async function readSettings(connectionId: string) {
  return Settings.parse((await tenant.api.call(`/v1/connections/${connectionId}/settings`)).body)
}

async function openSettings(connectionId: string, scopes?: readonly string[]) {
  const page = await browse(await tenant.signInLink(scopes))
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await page.goto(`${consoleUrl}/connections/${connectionId}/settings`)
  await page.getByRole('heading', { name: 'App Settings' }).waitFor()
  return page
}

const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name' })

const first = await connect('settings')

test('a change says what it does before it is saved, and does it', async () => {
  const { connectionId } = first
  const page = await openSettings(connectionId)
  await look(page, 'settings')
  await page.getByText('At intervals').click()
  await page.getByLabel('Every', { exact: true }).selectOption('360')
  await page.getByText('Only those that match').click()
  await page.getByLabel('Patterns of repositories').fill('no such pattern?')
  await page.getByText('“pattern?” is no pattern of a slug').waitFor()
  expect(await page.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true)
  await page.getByLabel('Patterns of repositories').fill('nothing-is-called-so-*')
  await page.getByText('16 projects and repositories are no longer read').waitFor()
  await page.getByText('It syncs by itself from then on').waitFor()
  await look(page, 'settings-changed')
  await lookNarrow(page, 'settings-changed')
  expect((await readSettings(connectionId)).appSettings).toMatchObject({
    schedule: { mode: 'manual' },
    include: { repositories: null },
  })
  await page.getByRole('button', { name: 'Undo the change: Include' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved: Sync Options.').waitFor()
  expect((await readSettings(connectionId)).appSettings).toMatchObject({
    schedule: { mode: 'interval', minutes: 360, kind: 'incremental' },
    include: { repositories: null },
  })
})

test('who is slower than somebody else is told so, and keeps what was typed', async () => {
  const { connectionId } = first
  const page = await openSettings(connectionId)
  await page.getByLabel('Share in percent').fill('25')
  await nameOf(page).fill('Mine')
  const theirs = { name: 'Theirs', removalLimit: { share: 0.5, count: 3 }, publishLevels: 'all' }
  await tenant.api.call(`/v1/connections/${connectionId}`, theirs, 'PATCH', { 'if-match': '*' })
  await page.getByRole('button', { name: 'Save changes' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Somebody else was faster' })
  await alert.getByText('Name, Removal guard, Levels to publish').waitFor()
  await page.getByText('50 % and 3 removals').waitFor()
  await look(page, 'settings-overtaken')
  expect(await nameOf(page).inputValue()).toBe('Mine')
  expect(await page.getByLabel('Share in percent').inputValue()).toBe('25')
  expect(await page.getByRole('radio', { name: 'All Every level' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Undo the change: Removal guard' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved: Name.').waitFor()
  await page.getByRole('heading', { name: 'Mine', level: 1 }).waitFor()
  const { connectApp, appSettings } = await readSettings(connectionId)
  expect([connectApp.name, appSettings.removalLimit]).toEqual(['Mine', { share: 0.5, count: 3 }])
})

test('candidate addresses are read before they are sent, and what came of them is told', async () => {
  const page = await openSettings(first.connectionId)
  const [member] = (await bitbucket.truth(first.slug)).members
  const { email } = await bitbucket.createApiToken(first.slug, member?.userUuid ?? '')
  const addresses = [email, ...Array.from({ length: 90 }, (_, index) => `nobody${index}@example.test`)]
  const file = (rows: readonly string[]) => ({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\n')),
  })
  await page.getByLabel('Or from a file:').setInputFiles(file(['E-mail', ...addresses.slice(0, 12), 'nobody']))
  await page.getByText('Row 14 is not an e-mail address').waitFor()
  expect(await page.getByRole('button', { name: 'Send the addresses' }).isDisabled()).toBe(true)
  await page.getByLabel('Or from a file:').setInputFiles(file(addresses))
  await page.getByText('91 addresses: 2 requests.').waitFor()
  await page.getByRole('button', { name: 'Send the addresses' }).click()
  await page.getByText('Sent: 91 new, 0 known before').waitFor()
  await tenant.api.sync(first.connectionId)
  await page.getByText(/^1\s*confirmed$/).waitFor()
})

test('a wrong secret is refused at its field, and a right one is used from then on', async () => {
  const { slug, consumer, connectionId } = first
  await bitbucket.changeConsumer(slug, consumer.key, { secret: 'rotated-secret' })
  const page = await openSettings(connectionId)
  await page.getByRole('button', { name: 'Rotate credentials' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate credentials' })
  expect(await dialog.getByLabel('Key').inputValue()).toBe(consumer.key)
  await dialog.getByLabel('Secret').fill('wrong-secret')
  await dialog.getByRole('button', { name: 'Check and replace' }).click()
  await dialog.getByRole('alert').waitFor()
  await look(page, 'settings-rotate-refused')
  expect(await dialog.getByLabel('Secret').getAttribute('aria-invalid')).toBe('true')
  await dialog.getByLabel('Secret').fill('rotated-secret')
  await dialog.getByRole('button', { name: 'Check and replace' }).click()
  await page.getByText('Bitbucket has accepted the new credentials').waitFor()
  expect(await page.content()).not.toContain('rotated-secret')
  expect((await tenant.api.sync(connectionId)).state).toBe('completed')
})

test('the secret of the webhook is shown once', async () => {
  const page = await openSettings(first.connectionId)
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  const dialog = page.getByRole('dialog', { name: 'Enter this in Bitbucket' })
  const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue()
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  await look(page, 'settings-webhook')
  await dialog.getByRole('button', { name: 'I have entered it' }).click()
  await page.getByRole('button', { name: 'New secret' }).waitFor()
  expect(await page.content()).not.toContain(secret)
  await page.getByRole('button', { name: 'Remove the webhook' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the webhook' }).click()
  await page.getByText('There is no webhook.').waitFor()
})

test('who may only look finds nothing to change', async () => {
  const page = await openSettings(first.connectionId, ['connections:read'])
  await page.getByText('You may look at the settings, not change them').waitFor()
  expect(await nameOf(page).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: /Rotate|Remove|Send|Make/ }).count()).toBe(0)
})

test('a key is made, works, and is revoked', async () => {
  const page = await browse(await tenant.signInLink())
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Say what it is for.').waitFor()
  await look(page, 'keys-make')
  await page.getByLabel('Name').fill('Nightly report')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const shown = page.getByRole('dialog', { name: 'Copy the key now' })
  const key = await shown.getByLabel('Key', { exact: true }).inputValue()
  const statusOf = async () => {
    const response = await fetch(`${consoleUrl}/v1/connections`, { headers: { authorization: `Bearer ${key}` } })
    return response.status
  }
  expect(await statusOf()).toBe(200)
  await shown.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('heading', { name: 'Nightly report' }).waitFor()
  expect(await page.content()).not.toContain(key)
  await look(page, 'keys')
  await lookNarrow(page, 'keys')
  await page.getByRole('button', { name: /^Revoke Nightly report/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click()
  await page.getByText('Nightly report is revoked.').waitFor()
  expect(await statusOf()).toBe(401)
})

test('a connection is removed by whoever types its name', async () => {
  const { connectionId, slug } = await connect('settings-gone')
  const name = `Bitbucket ${slug}`
  const page = await openSettings(connectionId)
  await page.getByRole('button', { name: 'Remove this connection' }).click()
  const dialog = page.getByRole('dialog', { name: `Remove ${name}?` })
  await dialog.getByText(/^[\d,]+ records will be withdrawn/).waitFor()
  const remove = dialog.getByRole('button', { name: 'Remove the connection' })
  await dialog.getByLabel('Type its name').fill('Bitbucket')
  expect(await remove.isDisabled()).toBe(true)
  await look(page, 'settings-remove')
  await dialog.getByLabel('Type its name').fill(name)
  await remove.click()
  await page.getByText(`${name} is being removed.`).waitFor()
  expect(page.url()).toBe(`${consoleUrl}/`)
  expect((await tenant.api.call(`/v1/connections/${connectionId}`)).status).toBe(404)
})
