import type { Response } from 'playwright-core'
import { expect, test } from 'vitest'
import { browse } from './browser.ts'
import { addWorkspace, consoleUrl, createTenant } from './world.ts'

const scriptBytesMax = 250 * 1024

const tenant = await createTenant('first-visit')
const { slug, consumer } = await addWorkspace('first-visit')
const { connectionId } = await tenant.api.connectAndSync({ workspace: slug, ...consumer })

test.each([
  ['the first page', '/'],
  ['the explorer', `/connections/${connectionId}/access`],
  ['the wizard', '/connect'],
])('%s comes with less than 250 KB of script, packed and to be kept', async (_, path) => {
  // Each in a browser that has nothing yet: what is measured is the first visit, signing in included.
  const page = await browse('about:blank')
  const responses: Response[] = []
  page.on('response', (response) => responses.push(response))
  await page.goto(await tenant.signInLink())
  await page.waitForURL(`${consoleUrl}/`)
  await page.goto(`${consoleUrl}${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  const scripts = responses.filter((response) => new URL(response.url()).pathname.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(1)
  const sizes = await Promise.all(scripts.map((script) => script.request().sizes()))
  for (const script of scripts) {
    expect(await script.headerValue('content-encoding')).toBe('br')
    expect(await script.headerValue('cache-control')).toContain('immutable')
  }
  expect(sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)).toBeLessThan(scriptBytesMax)
})
