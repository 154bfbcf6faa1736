import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { browse, look, lookNarrow } from './browser.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant } from './world.ts'

/** The first page, the pages of a connection that tell how it is, and a sync that is watched. */

const tenant = await createTenant('syncs')
const { slug, consumer } = await addWorkspace('syncs', { repositories: 40 })
const page = await browse(await tenant.signInLink())
await page.getByRole('heading', { name: 'Applications' }).waitFor()
afterAll(() => bitbucket.clearFaults())

/** The four lists, and the permissions of each project and repository. */
const scopes = 4 + 3 + 40

/** Lets each repository take so long to read; some are read at a time. */
const slowly = (ms: number) =>
  bitbucket.break({
    workspace: slug,
    endpoint: 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users',
    fault: { type: 'latency', ms },
  })

const Budget = z.object({ credentials: z.array(z.object({ used: z.int(), leased: z.int() })) })
const Ages = z.object({ ages: z.array(z.object({ underSeconds: z.int().nullable(), count: z.int() })) })
const Freshness = z.object({ freshness: z.record(z.string(), Ages) })

/** How many scopes the page says are read, of how many. */
async function scopesRead(of: Page): Promise<readonly [done: number, total: number]> {
  const bar = of.getByRole('progressbar', { name: 'Scopes read' })
  const [done = '', total = ''] = ((await bar.getAttribute('aria-valuetext')) ?? '').split(' of ')
  return [Number(done), Number(total)]
}

let connectionId = ''
let firstSyncId = ''

test('without an application, the first page leads to the marketplace', async () => {
  await page.getByText('No application is connected yet.').waitFor()
  await look(page, 'applications-none')
  await page.getByRole('link', { name: 'Open the marketplace' }).click()
  await page.waitForURL(`${consoleUrl}/marketplace`)
})

test('the first sync is watched live, from the first page to its evidence', async () => {
  await slowly(1_000)
  const connected = await tenant.api.connect({ workspace: slug, ...consumer })
  ;({ connectionId, syncId: firstSyncId } = connected)
  await page.goto(consoleUrl)
  await page.getByRole('link', { name: `Bitbucket ${slug}` }).click()
  await page.getByRole('link', { name: 'Watch the sync' }).click()
  await page.getByRole('heading', { name: 'Full sync' }).waitFor()
  await page.getByText('because you saved; your schedule (Manual: when somebody asks) applies afterwards').waitFor()
  const seen: number[] = []
  await expect
    .poll(
      async () => {
        const [done, total] = await scopesRead(page)
        if (total === scopes && done < total && done > (seen.at(-1) ?? 4)) seen.push(done)
        return seen.length
      },
      { interval: 100, timeout: 20_000 },
    )
    .toBeGreaterThanOrEqual(3)
  await look(page, 'sync-live')
  await lookNarrow(page, 'sync-live')
  await bitbucket.clearFaults()
  await page.getByRole('heading', { name: 'Result' }).waitFor()
  await page.getByText('Everything was read.').waitFor()
  await look(page, 'sync-done')
  await lookNarrow(page, 'sync-done')
  const sync = await tenant.api.until(connectionId, firstSyncId, () => true)
  await page.getByText(`${sync.coverage?.complete} of ${scopes}`).waitFor()
  const row = page.getByRole('row', { name: 'Grants' })
  expect(await row.getByRole('cell').allTextContents()).toEqual(
    [sync.stats.grants?.scanned, sync.stats.grants?.added, 0, 0].map(String),
  )
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download evidence as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`evidence-${firstSyncId}.csv`)
  expect(await readFile(await download.path(), 'utf8')).toContain(firstSyncId)
})

test('a view that is cut off says so, and goes on where the sync is; a sync is cancelled', async () => {
  // It must not end before it is cancelled.
  await slowly(3_000)
  await page.context().route('**/progress', (route) => route.abort())
  await page.getByRole('link', { name: 'All syncs' }).click()
  await page.getByRole('button', { name: 'Start a sync' }).click()
  await look(page, 'sync-start')
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await page.getByText(/^Live view lost \d+ s ago; the sync goes on\.$/).waitFor()
  await look(page, 'sync-lost')
  await page.context().unroute('**/progress')
  await page.getByText(/^Live view lost \d/).waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Cancel the sync' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the sync' }).click()
  await page.getByText('It was cancelled.').waitFor()
  await look(page, 'sync-cancelled')
})

test('a preview says what would change, and tells nothing', async () => {
  await bitbucket.clearFaults()
  await bitbucket.change(slug, { type: 'add-group', name: 'Night Shift' })
  await page.getByRole('link', { name: 'All syncs' }).click()
  await page.getByRole('button', { name: 'Start a sync' }).click()
  await page.getByRole('dialog').getByText('Preview').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await page.getByText('Everything was read, and nothing was told.').waitFor()
  const row = page.getByRole('row', { name: 'Entitlements' })
  expect((await row.getByRole('cell').allTextContents()).slice(1)).toEqual(['1', '0', '0'])
  await look(page, 'sync-preview')
})

test('one repository is checked at once', async () => {
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Check a resource now' }).click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('button', { name: /^Check Repository / })
    .first()
    .waitFor()
  await look(page, 'check-resource')
  await dialog
    .getByRole('button', { name: /^Check Repository / })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Targeted sync' }).waitFor()
  await page.getByText('1 of 1').waitFor()
  await page.getByText('All that was asked for was read.').waitFor()
})

test('the overview shows the figures of the API, and what could not be read', async () => {
  const [refused] = Object.values((await bitbucket.truth(slug)).repositories)
  await bitbucket.break({
    ...{ workspace: slug, resource: refused?.slug, atLeast: 1 },
    endpoint: 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/groups',
    fault: { type: 'status', status: 403 },
  })
  await tenant.api.sync(connectionId)
  await bitbucket.heal()
  const ask = async <Shape>(what: string, shape: z.ZodType<Shape>) =>
    shape.parse((await tenant.api.call(`/v1/connections/${connectionId}/${what}`)).body)
  await page.goto(`${consoleUrl}/connections/${connectionId}`)
  await page.getByText('Not observable').waitFor()
  await page.getByText('The credential may not read it (403)').waitFor()
  const { credentials } = await ask('budget', Budget)
  const used = page.locator('dt', { hasText: 'used in the last hour' }).locator('xpath=following-sibling::dd')
  expect((await used.textContent())?.replaceAll(',', '')).toBe(String(credentials[0]?.used))
  expect(credentials[0]?.used).toBeGreaterThan(200)
  const { freshness } = await ask('freshness', Freshness)
  const young = Object.values(freshness).reduce((sum, { ages }) => sum + (ages[0]?.count ?? 0), 0)
  const bins = page.getByRole('list', { name: 'How many scopes are how old' }).getByRole('listitem')
  expect(young).toBe(scopes)
  expect(await bins.first().textContent()).toContain(`${young} scopes, read less than 15 min ago`)
  expect(await bins.count()).toBe(10)
  await look(page, 'overview')
  await lookNarrow(page, 'overview')
})

test('the list of syncs has all of them, and the audit log who asked for them', async () => {
  await page.getByRole('link', { name: 'Syncs', exact: true }).click()
  const table = page.getByRole('table', { name: 'Syncs' })
  await table.getByText('Cancelled').waitFor()
  expect(await table.getByRole('link').allTextContents()).toEqual(['Full', 'Targeted', 'Preview', 'Full', 'Full'])
  await table.getByText('Partial').waitFor()
  await look(page, 'syncs')
  await lookNarrow(page, 'syncs')
  await page.getByRole('link', { name: 'Audit' }).click()
  const records = page.locator('main li')
  const sentences = async () =>
    (await records.locator('p').allTextContents()).map((sentence) => sentence.replace(/ See it$/, ''))
  await expect
    .poll(sentences, { timeout: 20_000 })
    .toEqual([
      'test asked for a full sync.',
      'Sign-in link asked for a targeted sync.',
      'Sign-in link asked for a preview sync.',
      'Sign-in link cancelled a full sync.',
      'Sign-in link asked for a full sync.',
      'test connected the workspace.',
    ])
  await look(page, 'audit')
  await lookNarrow(page, 'audit')
  await page.getByLabel('What').selectOption({ label: 'Sync cancelled' })
  await expect.poll(() => records.count()).toBe(1)
  await records.getByText('Details').click()
  await records.getByText('was running').waitFor()
})

test('in the dark, and for one who may only look', async () => {
  const dark = await browse(await tenant.signInLink(['connections:read']), { colorScheme: 'dark' })
  await dark.getByRole('link', { name: `Bitbucket ${slug}` }).waitFor()
  await look(dark, 'applications-dark')
  await lookNarrow(dark, 'applications-dark')
  await dark.goto(`${consoleUrl}/connections/${connectionId}`)
  await dark.getByText('used in the last hour').waitFor()
  await dark.getByText('Your key lacks the permission access:read').waitFor()
  await look(dark, 'overview-dark')
  expect(await dark.getByRole('button', { name: 'Check a resource now' }).count()).toBe(0)
  await dark.goto(`${consoleUrl}/connections/${connectionId}/audit`)
  await dark.getByText('audit:read').waitFor()
})
