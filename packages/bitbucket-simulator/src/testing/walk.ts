import { endpoints } from '../endpoints/all.ts'
import type { Truth } from '../index.ts'
import { acme, type Bench, createBench } from './client.ts'

const sizes = { ...acme, users: 30, groups: 8, repositories: 25 }
const allScopes = ['account', 'project', 'project:admin', 'repository', 'repository:admin', 'webhook']

/**
 * Asks every endpoint in every way that it answers differently: whole and in part, on all pages, by every kind of
 * credential, of a company's and of a person's workspace, allowed and refused. Answers what the conformance check found.
 */
export async function walkEverything(openApiPath: string) {
  const consumer = { ...acme.consumer, scopes: allScopes }
  const workspaces = [
    { ...sizes, consumer },
    { ...sizes, slug: 'personal', settings: { kind: 'personal' as const }, consumer: { key: 'p', secret: 's' } },
  ]
  await using bench = await createBench({ workspaces, openApiPath })
  const truth = await bench.truth()
  await bench.simulator.app.inject({ url: '/livez' })
  await makeHook(bench)
  for (const { path, method = 'GET' } of endpoints) {
    if (method !== 'GET') continue
    const asked = fill(path, truth)
    for (const query of [
      '',
      '?pagelen=3',
      partOf('values.*,next'),
      partOf('+values.*.*'),
      partOf('+user.*,+group.*'),
    ]) {
      await readAll(bench, `${asked}${query}`)
    }
    await bench.fetch(`${asked}?pagelen=1000`)
    await bench.fetch(asked.replace('acme', 'nowhere'))
    await bench.fetch(asked, 'Bearer unknown')
    await bench.fetch(asked, null)
  }
  await walkEmails(bench)
  await walkAsPersons(bench, truth)
  await walkPersonal(bench)
  await walkRefusals(bench, truth)
  return bench.simulator.conformance()
}

function partOf(fields: string): string {
  return `?fields=${encodeURIComponent(fields)}`
}

/** Members by their addresses, which show where they were asked for. */
async function walkEmails(bench: Bench): Promise<void> {
  const users = bench.simulator.world.workspacesBySlug.get('acme')?.users.values() ?? []
  const addresses = [...users].slice(0, 10).map(({ email }) => `"${email}"`)
  const query = `q=${encodeURIComponent(`user.email IN (${addresses})`)}&fields=${encodeURIComponent('+values.user.email')}`
  await readAll(bench, `/2.0/workspaces/acme/members?${query}`)
}

async function walkAsPersons(bench: Bench, truth: Truth): Promise<void> {
  for (const member of [truth.members[0], truth.members.at(-1)]) {
    const { body } = await bench.call('POST', '/_control/workspaces/acme/api-tokens', { userUuid: member?.userUuid })
    const basic = `Basic ${btoa(`${body.email}:${body.token}`)}`
    for (const { path, method = 'GET' } of endpoints) {
      if (method === 'GET') await bench.fetch(fill(path, truth), basic)
    }
  }
}

async function walkPersonal(bench: Bench): Promise<void> {
  const token = (await bench.requestToken('p', 's')).body.access_token
  for (const path of ['/2.0/repositories/personal', '/2.0/workspaces/personal/projects', '/2.0/workspaces/personal']) {
    await bench.fetch(path, `Bearer ${token}`)
  }
}

/** Missing scopes, a moved workspace, a renamed repository, and the limit in both of its forms. */
async function walkRefusals(bench: Bench, truth: Truth): Promise<void> {
  const [repository] = truth.repositories
  const rename = { type: 'rename-repository', uuid: repository?.uuid, name: 'Quite Another' }
  await bench.call('POST', '/_control/workspaces/acme/changes', rename)
  await bench.fetch(`/2.0/repositories/acme/${repository?.slug}`)
  const settings = { administration: 'admin.atlassian.com' }
  await bench.call('PUT', '/_control/workspaces/acme/settings', settings)
  await readAll(bench, '/2.0/workspaces/acme/permissions')
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { scopes: ['email'] })
  for (const { path, method = 'GET' } of endpoints) if (method === 'GET') await bench.fetch(fill(path, truth))
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { scopes: allScopes, administrator: false })
  for (const { path, method = 'GET' } of endpoints) if (method === 'GET') await bench.fetch(fill(path, truth))
  for (const form of ['json', 'text', 'forbidden']) {
    await bench.call('PUT', '/_control/limits', { requestsPerHour: 1, form })
    await bench.fetch('/2.0/workspaces/acme/permissions')
  }
}

async function makeHook(bench: Bench): Promise<void> {
  const token = (await bench.requestToken('key', 'secret')).body.access_token
  await fetch(`${bench.simulator.url}/2.0/workspaces/acme/hooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'https://example.com/hook', events: ['repo:updated'] }),
  })
}

async function readAll(bench: Bench, path: string): Promise<void> {
  for (let next: string | undefined = path; next !== undefined; ) {
    const { body }: Awaited<ReturnType<Bench['get']>> = await bench.get(next)
    next = body.next
  }
}

/** The path with things that are there: a repository and a project that people and groups hold something on. */
function fill(path: string, truth: Truth): string {
  const held = ({ users, groups }: Truth['projects'][number] | Truth['repositories'][number]) =>
    users.length > 0 && groups.length > 0
  const repository = truth.repositories.find(held)
  const parameters: Readonly<Record<string, string | undefined>> = {
    workspace: 'acme',
    repo_slug: repository?.slug,
    project_key: (truth.projects.find(held) ?? truth.projects[0])?.key,
    group_slug: repository?.groups[0]?.slug,
    selected_user_id: repository?.users[0]?.userUuid,
    selected_user: truth.users[0]?.uuid,
    member: truth.members[0]?.userUuid,
    subject_type: 'workspace',
    uid: 'unknown',
  }
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))
}
