import { describe, expect, test } from 'vitest'
import type { IsIncluded } from './preflight-probes.ts'
import { allScopes, forbidden, page, preflight, repository, uuid, ws } from './testing/preflight.ts'
import { type Handler, json } from './testing/server.ts'

const repositoriesPath = `/2.0/repositories/${encodeURIComponent(uuid)}`
const projectsPath = `${ws}/projects`
const project = (key: string) => ({ uuid: `{${key}}`, key, name: `Project ${key}` })
const repositoryIn = (key: string, index: number) => ({
  uuid: `{r${index}}`,
  slug: `r${index}`,
  name: `R${index}`,
  project: { uuid: `{${key}}`, key },
})
const whole = (...values: object[]) => json(200, { values, size: values.length })
/** A list of which each answer is a page of the length that was asked for. */
const paged =
  (rows: readonly object[]): Handler =>
  (request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '', `http://${request.headers.host}`)
    const [length, at] = [Number(searchParams.get('pagelen') ?? 100), Number(searchParams.get('page') ?? 1)]
    const values = rows.slice((at - 1) * length, at * length)
    const next = `http://${request.headers.host}${pathname}?pagelen=${length}&page=${at + 1}`
    json(200, { values, size: rows.length, ...(at * length < rows.length && { next }) })(request, response)
  }
const only =
  (key: string): IsIncluded =>
  (what) =>
    (what.kind === 'project' ? what.key : what.projectKey) === key

describe('what is included is counted', () => {
  test('of lists that came whole in no further request', async () => {
    const changed = {
      [projectsPath]: whole(project('ONE'), project('TWO')),
      [repositoriesPath]: whole(repositoryIn('TWO', 0), { ...repositoryIn('ONE', 1), uuid: '{r}' }),
    }
    const { report } = await preflight(changed, allScopes, { isIncluded: only('ONE') })
    // Everything: 2 * 2 + 2 * 2 + 20 + 1 + 1 + 2.
    expect(report.included).toEqual({
      projects: { included: 1, of: 2 },
      repositories: { included: 1, of: 2 },
      requests: 28,
      saved: 4,
      complete: true,
    })
    expect(report).toMatchObject({ ready: true, fullSync: { requests: 28 }, requests: 10 })
    expect(report.sample.repositories.map(({ slug }) => slug)).toEqual(['r1'])
    expect(report.sample.permissions.map(({ resource }) => resource.name)).toEqual(['Project ONE', 'R1'])
  })

  test('of longer ones, as far as each takes twenty requests', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => repositoryIn(index === 1_999 ? 'ONE' : 'TWO', index))
    const changed = { [projectsPath]: whole(project('ONE')), [repositoriesPath]: paged(rows) }
    const { report } = await preflight(changed, allScopes, { isIncluded: only('ONE') })
    expect(report.included).toMatchObject({ repositories: { included: 1, of: 2_000 }, complete: true })
    expect(report.requests).toBe(30)
  })

  test('not of one that takes more: what was seen of it tells nothing, and the cost is that of everything', async () => {
    const rows = Array.from({ length: 2_001 }, (_, index) => repositoryIn('TWO', index))
    const changed = {
      [projectsPath]: whole(project('ONE')),
      [repositoriesPath]: paged(rows),
      [`${repository.replace(encodeURIComponent('{r}'), encodeURIComponent('{r0}'))}/permissions-config/users`]:
        forbidden,
    }
    const { report } = await preflight(changed, allScopes, { isIncluded: only('ONE') })
    expect(report.included).toEqual({
      projects: { included: 1, of: 1 },
      repositories: { included: null, of: 2_001 },
      requests: null,
      saved: null,
      complete: false,
    })
    expect(report.fullSync.requests).toBe(2 * 2_001 + 2 + 20 + 1 + 21 + 2)
    expect(report.requests).toBe(10)
    // The first of all is tried, and not shown.
    expect(report.problems).toContainEqual(expect.objectContaining({ code: 'not-permitted' }))
    expect(report.sample.repositories).toEqual([])
  })

  test('not where the list cannot be read', async () => {
    const { report } = await preflight({ [projectsPath]: forbidden }, allScopes, { isIncluded: only('ONE') })
    expect(report.included).toMatchObject({ projects: { included: null, of: null }, complete: false })
  })

  test('and where it is nothing, that is warned of and no permission is tried', async () => {
    const changed = { [projectsPath]: whole(project('TWO')), [repositoriesPath]: whole(repositoryIn('TWO', 0)) }
    const { report } = await preflight(changed, allScopes, { isIncluded: only('ONE') })
    expect(report).toMatchObject({ ready: true, included: { requests: 24, saved: 4 }, requests: 6 })
    expect(report.warnings).toMatchObject([{ field: 'include', code: 'nothing-included' }])
    expect(report.endpoints).toContainEqual(expect.objectContaining({ reason: 'No project is included' }))
  })
})

test('without settings everything is included, and no list is read for it', async () => {
  const { report } = await preflight({ [projectsPath]: page(200, project('ONE')) })
  expect(report).toMatchObject({ included: null, requests: 10 })
})

test('the first rows of what was read are kept, to show them', async () => {
  const { report } = await preflight()
  expect(report.sample).toMatchObject({
    members: [{ permission: 'read', user: { uuid: '{u}' } }],
    groups: [{ slug: 'devs', members: [] }],
    projects: [{ key: 'ONE' }],
    repositories: [{ slug: 'r' }],
    permissions: [
      { resource: { kind: 'project', uuid: '{p}', name: 'One' }, users: [{}], groups: [{}] },
      { resource: { kind: 'repository', uuid: '{r}', name: 'R' }, users: [], groups: [{}] },
    ],
  })
})
