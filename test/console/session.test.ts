import { expect, test } from 'vitest'
import { browse, look, lookNarrow } from './browser.ts'
import { consoleUrl, createTenant } from './world.ts'

const tenant = await createTenant('sign-in')

test('a link signs in once, and leaves nothing in the address', async () => {
  const link = await tenant.signInLink()
  const page = await browse(link)
  await page.getByRole('heading', { name: 'Applications' }).waitFor()
  expect(page.url()).toBe(`${consoleUrl}/`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto(consoleUrl)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  const again = await browse(link)
  await again.getByRole('alert').waitFor()
  await look(again, 'sign-in-link-used')
  expect(await again.getByRole('alert').textContent()).toContain('new')
})

test('a key signs in, a wrong one says so, and one comes back to where one wanted to go', async () => {
  const page = await browse(`${consoleUrl}/marketplace`)
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await look(page, 'sign-in-wrong-key')
  await lookNarrow(page, 'sign-in-wrong-key')
  const { body } = await tenant.api.call('/v1/api-keys', { name: 'of a person', scopes: ['connections:read'] })
  await page.getByLabel('API key').fill(String(Object(body).key))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Marketplace' }).waitFor()
  expect(page.url()).toBe(`${consoleUrl}/marketplace`)
})

test('filters and all, one comes back to the page that a link named', async () => {
  const named = `${consoleUrl}/connections/con_${'0'.repeat(32)}/access?page=people&q=an`
  const page = await browse(named)
  const { body } = await tenant.api.call('/v1/api-keys', { name: 'of a reader', scopes: ['connections:read'] })
  await page.getByLabel('API key').fill(String(Object(body).key))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('There is no such page').waitFor()
  expect(page.url()).toBe(named)
})

test('who is let in no more while a page is open is asked to sign in, and comes back to it', async () => {
  const { body } = await tenant.api.call('/v1/api-keys', { name: 'that ends', scopes: ['connections:read'] })
  const page = await browse(consoleUrl)
  await page.getByLabel('API key').fill(String(Object(body).key))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Applications' }).waitFor()
  await tenant.api.call(`/v1/api-keys/${Object(body).id}`, undefined, 'DELETE')
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const another = await tenant.api.call('/v1/api-keys', { name: 'that goes on', scopes: ['connections:read'] })
  await page.getByLabel('API key').fill(String(Object(another.body).key))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor()
  expect(page.url()).toBe(`${consoleUrl}/keys`)
})

test('by the keyboard alone one comes past the menu, through a dialog and back to where it was opened', async () => {
  const page = await browse(await tenant.signInLink())
  await page.waitForURL(`${consoleUrl}/`)
  await page.goto(`${consoleUrl}/keys`)
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  await page.keyboard.press('Tab')
  const opener = await focused()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  // It keeps the focus to itself, however often one goes on.
  for (let times = 0; times < 20; times++) {
    await page.keyboard.press('Tab')
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(focused).toBe(opener)
})
