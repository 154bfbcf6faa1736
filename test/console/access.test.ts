import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { untilKnown, waysInTruth } from './access-world.ts'
import { browse, look, lookNarrow } from './browser.ts'
import { scrollThrough } from './scrolling.ts'
import { addWorkspace, bitbucket, consoleUrl, createTenant } from './world.ts'

/** Somebody finds out who can do what, why, since when, and who could before. */
const tenant = await createTenant('access')
const { slug, consumer } = await addWorkspace('access')
const bare = (uuid: string) => uuid.slice(1, -1)

/**
 * A person administers a repository by a group, may write to it by its project, and read it by name: three ways, of which one
 * decides.
 */
async function giveWays() {
  const { members, users, groups, projects, repositories } = await bitbucket.truth(slug)
  const repository = repositories[0]
  if (repository === undefined) throw new Error('there is no repository')
  const { uuid, projectUuid } = repository
  const people = new Set(users.flatMap(({ uuid, type }) => (type === 'user' ? [uuid] : [])))
  // Nobody who has a way there already: another one might decide.
  const placed = new Set([
    ...groups.flatMap(({ memberUuids }) => memberUuids),
    ...[repository, ...projects].flatMap((resource) => resource.users.map((holder) => holder.userUuid)),
  ])
  const isPlain = ({ userUuid: uuid, permission }: (typeof members)[number]) =>
    permission === 'member' && people.has(uuid) && !placed.has(uuid)
  const userUuid = members.findLast(isPlain)?.userUuid
  if (userUuid === undefined) throw new Error('everybody has a way there already')
  const resource = { kind: 'repository', uuid }
  const groupSlug = 'night-platform'
  await bitbucket.change(slug, { type: 'add-group', name: 'Night Platform' })
  await bitbucket.change(slug, { type: 'add-group-member', slug: groupSlug, userUuid })
  await bitbucket.change(slug, { type: 'grant', resource, principal: { groupSlug }, permission: 'admin' })
  await bitbucket.change(slug, { type: 'grant', resource, principal: { userUuid }, permission: 'read' })
  const project = { kind: 'project', uuid: projectUuid }
  await bitbucket.change(slug, { type: 'grant', resource: project, principal: { userUuid }, permission: 'create-repo' })
  await bitbucket.change(slug, { type: 'rename-user', userUuid, displayName: 'Zoë Quarterly' })
  return { userUuid, repository, resource, groupSlug }
}

const given = await giveWays()
const [person, repository] = [`user:${bare(given.userUuid)}`, `repository:${bare(given.repository.uuid)}`]
const { connectionId, sync: firstSync } = await tenant.api.connectAndSync({ workspace: slug, ...consumer })
await untilKnown(tenant.api, connectionId)
const page = await browse(await tenant.signInLink())
await page.getByRole('button', { name: 'Sign out' }).waitFor()
const address = `${consoleUrl}/connections/${connectionId}/access`
const at = (search: Readonly<Record<string, string>>) => `${address}?${new URLSearchParams(search)}`

const Explained = z.object({ level: z.string(), paths: z.array(z.unknown()), decidedBy: z.array(z.int()) })

async function explain() {
  const query = new URLSearchParams({ serviceUserId: person, resource: repository })
  return Explained.parse((await tenant.api.call(`/v1/connections/${connectionId}/explain?${query}`)).body)
}

const dialog = page.getByRole('dialog')

/** The sentences of the list that says in words what the drawing shows. */
async function waysOnPage(): Promise<string[]> {
  await dialog.getByRole('img').waitFor()
  const listId = await dialog.getByRole('img').getAttribute('aria-describedby')
  const sentences = await dialog.locator(`[id="${listId}"] > li > span:first-child`).allTextContents()
  return sentences.toSorted()
}

test('from a part of a name to every way that leads a person to a repository, in a drawing and in words', async () => {
  await page.goto(address)
  await page.getByRole('link', { name: 'All accounts' }).waitFor()
  await look(page, 'access-questions')
  await lookNarrow(page, 'access-questions')
  await page.getByRole('searchbox', { name: 'Search people' }).fill('zoe quart')
  await page.getByRole('region', { name: 'People' }).getByRole('link', { name: 'Zoë Quarterly' }).waitFor()
  await look(page, 'access-search')
  await page.getByRole('link', { name: 'Zoë Quarterly' }).click()

  await page.getByRole('heading', { name: 'What they can do' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search what it is on' }).fill(given.repository.name)
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: given.repository.name, exact: true }) })
  await row.getByText('by the group Night Platform').waitFor()
  await row.getByText(/^read .* ago$/).waitFor()
  await look(page, 'access-person')
  await lookNarrow(page, 'access-person')
  await row.getByRole('link').click()

  const truth = waysInTruth(await bitbucket.truth(slug), given.userUuid, given.repository.uuid)
  const told = await explain()
  expect(truth.length).toBeGreaterThanOrEqual(3)
  expect(await waysOnPage()).toEqual(truth)
  expect(told).toMatchObject({ level: 'admin' })
  expect(told.paths).toHaveLength(truth.length)
  expect(await dialog.getByText('Decides', { exact: true }).count()).toBe(told.decidedBy.length)
  await dialog.getByText('If the membership in Night Platform went, write would be left.').waitFor()
  const drawn = await dialog.getByRole('img').locator('title').allTextContents()
  expect(drawn).toEqual(expect.arrayContaining(['Zoë Quarterly', 'Night Platform', given.repository.name]))
  await look(page, 'access-why')
  await lookNarrow(page, 'access-why')
  const excess = await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
  expect(excess, 'the drawing makes the dialog wider than it is').toBe(0)
  await page.emulateMedia({ colorScheme: 'dark' })
  await look(page, 'access-why-dark')
  await page.emulateMedia({ colorScheme: 'light' })

  // All of it is in the address.
  await page.reload()
  expect(await waysOnPage()).toEqual(truth)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(new URL(page.url()).searchParams.get('why')).toBeNull()
})

test('who can do what on a repository is what Bitbucket reckons, on the page and as a table to take away', async () => {
  const effective = await bitbucket.effectivePermissions(slug, consumer)
  const ofThis = effective.flatMap((row) => {
    const [user = '', level, on] = row.split(' ')
    return on === given.repository.uuid ? [`user:${bare(user)} ${level}`] : []
  })
  await page.goto(at({ page: 'resource', resource: repository }))
  await page.getByText(`${ofThis.length} rows, all there are`).waitFor()
  await look(page, 'access-repository')
  expect((await exported(page)).toSorted()).toEqual(ofThis.toSorted())

  await page.getByLabel('At least').selectOption('admin')
  const admins = ofThis.filter((row) => row.endsWith(' admin'))
  await page.getByText(`${admins.length} row${admins.length === 1 ? '' : 's'}, all there are`).waitFor()
  expect((await exported(page)).toSorted()).toEqual(admins.toSorted())
})

/** The rows of the table that the link of the page gives: who, and the level. */
async function exported(on: Page): Promise<string[]> {
  const [download] = await Promise.all([
    on.waitForEvent('download'),
    on.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('who-can.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  const table = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(','))
  const [head = [], ...rows] = table
  const [who, level] = [head.indexOf('serviceUserId'), head.indexOf('level')]
  expect(lines[0]).toContain('who-can')
  return rows.map((row) => `${row[who]} ${row[level]}`)
}

test('what was before a change is shown as of then, and what has changed between', async () => {
  const then = firstSync.finishedAt ?? ''
  const { resource, groupSlug } = given
  const before = waysInTruth(await bitbucket.truth(slug), given.userUuid, given.repository.uuid)
  await bitbucket.change(slug, { type: 'revoke', resource, principal: { groupSlug } })
  await tenant.api.sync(connectionId)
  await untilKnown(tenant.api, connectionId)
  const after = waysInTruth(await bitbucket.truth(slug), given.userUuid, given.repository.uuid)

  await page.goto(at({ page: 'person', person, why: repository, asOf: then }))
  expect(await waysOnPage()).toEqual(before)
  await look(page, 'access-as-of')
  await page.keyboard.press('Escape')
  await page.getByText('As it was known on').waitFor()
  await page.getByRole('button', { name: 'Back to now' }).click()
  await page.getByText('As it was known on').waitFor({ state: 'detached' })
  await page.goto(at({ page: 'person', person, why: repository }))
  expect(await waysOnPage()).toEqual(after)
  expect(after).toHaveLength(before.length - 1)

  await page.goto(at({ page: 'changes', from: then }))
  const change = page.getByRole('row').filter({ hasText: 'Night Platform' }).filter({ hasText: given.repository.name })
  await change.getByText('admin').waitFor()
  expect((await change.textContent())?.replaceAll(/\s+/g, ' ')).toContain('admin→becamenothing')
  await look(page, 'access-changes')
  await page.goto(at({ page: 'nestings', ended: 'only' }))
  await page.getByRole('row').filter({ hasText: 'Night Platform' }).waitFor()
})

test('that nothing fits, that nobody holds it, and that it could not be read are told apart', async () => {
  await page.goto(at({ page: 'people', q: 'nobody is called so' }))
  await page.getByText('Nothing fits.').waitFor()
  await page.getByRole('link', { name: 'take all of it away' }).click()
  await page.getByText(/rows, all there are/).waitFor()
  await page.goto(at({ page: 'resource', resource: repository, part: 'given' }))
  const endpoint = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users'
  await bitbucket.break({
    ...{ endpoint, workspace: slug, resource: given.repository.uuid, atLeast: 1 },
    fault: { type: 'status', status: 403 },
  })
  await tenant.api.sync(connectionId)
  await bitbucket.heal()
  await untilKnown(tenant.api, connectionId)
  await page.goto(at({ page: 'resource', resource: repository }))
  await page.getByText(/^Could not be read since .* \(403\)\.$/).waitFor()
  await page.getByText('1 place could not be read').waitFor()
  await look(page, 'access-unreadable')
  await page.goto(at({ page: 'entitlement', entitlement: 'workspace#collaborator' }))
  await page.getByText('Nobody holds this.').waitFor()
})

test('whoever may not see access is told which permission they lack', async () => {
  const other = await browse(await tenant.signInLink(['connections:read']))
  await other.getByRole('button', { name: 'Sign out' }).waitFor()
  await other.goto(address)
  await other.getByText('access:read').waitFor()
})

describe('ten thousand people', () => {
  const people = 10_000

  let connected = ''
  beforeAll(async () => {
    const large = await addWorkspace('large', { users: people, groups: 1, projects: 1, repositories: 1 })
    connected = (await tenant.api.connectAndSync({ workspace: large.slug, ...large.consumer })).connectionId
    await untilKnown(tenant.api, connected)
  })

  test('are scrolled through without jank, a few rows of them in the document', async () => {
    await page.goto(`${consoleUrl}/connections/${connected}/access?page=people`)
    const table = page.getByRole('region', { name: 'People' })
    await table.focus()
    // Keys reach all of it, too.
    for (let pages = 0; pages < 4; pages++) await page.keyboard.press('PageDown')
    await page.locator('[role="row"][aria-rowindex="60"]').waitFor()
    const all = page.getByText(/^10,\d\d\d rows, all there are$/)
    while (!(await all.isVisible())) await page.keyboard.press('End')
    await page.keyboard.press('Home')
    const measured = await scrollThrough(page, table)
    process.stdout.write(`scrolled through ${people} rows: ${JSON.stringify(measured)}\n`)
    expect(measured.lastRow).toBeGreaterThan(people)
    expect(measured.rowsMax).toBeLessThan(100)
    // Reckoned by the processor: a machine that does other things makes nothing of this longer.
    expect(measured.taskMs.longest).toBeLessThan(200)
  })
})
