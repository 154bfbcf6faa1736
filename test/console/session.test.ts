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
