import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Secret } from '@clarity/shared/runtime/secret'
import { traceOf } from '@clarity/shared/runtime/trace'
import { createVault } from '@clarity/shared/store/vault'
import { OtlpReceiver, spanKinds } from '@clarity/testkit/otlp-receiver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionInput, isFinished } from './connector.ts'
import { listKeys } from './redis.ts'
import { apiKeys, workspace } from './scenario.ts'
import { testSystem } from './system.ts'

/** What is seen of the system from outside while it works and while it fails: figures, spans, logs. */
const masterKey = randomBytes(32).toString('base64')
const receiver = await OtlpReceiver.start()
afterAll(() => receiver[Symbol.asyncDispose]())
const system = await testSystem({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  MASTER_KEY: masterKey,
  LOG_LEVEL: 'debug',
})
const { bitbucket, acme, operator, feed, redis, readLogs, processes, urls } = system
if (processes === null || urls === null) throw new Error('these tests look at processes of their own')

const scrape = async (service: keyof typeof urls) => (await fetch(`${urls[service]}/metrics`)).text()

describe('a sync that somebody asks for', () => {
  const traceparent = traceOf(undefined)
  const [, traceId = '', callerSpan = ''] = traceparent.split('-')
  let connectionId: string
  let syncId: string

  beforeAll(async () => {
    connectionId = (await acme.connectAndSync({ workspace: 'acme', ...workspace.consumer })).connectionId
    await bitbucket.changeAtRandom('acme', 5, 3)
    const { body } = await acme.call(`/v1/connections/${connectionId}/syncs`, {}, undefined, { traceparent })
    syncId = (body as { sync: { id: string } }).sync.id
    await acme.until(connectionId, syncId, isFinished)
    await feed.stateAfter(connectionId, syncId)
  })

  test('is one trace from the call through its slices and requests to the batches that tell of it', async () => {
    const ofTrace = (name: RegExp) => receiver.until((span) => span.traceId === traceId && name.test(span.name))
    const call = await ofTrace(/^POST \/v1\/connections\/:id\/syncs$/)
    expect(call).toMatchObject({ service: 'connector-api', kind: spanKinds.server, parentSpanId: callerSpan })
    const slice = await ofTrace(/^process SyncRequested$/)
    expect(slice).toMatchObject({
      service: 'sync-worker',
      kind: spanKinds.consumer,
      parentSpanId: call.spanId,
      attributes: { 'clarity.tenant_id': 'acme', 'clarity.connection_id': connectionId, 'clarity.sync_id': syncId },
    })
    const request = await ofTrace(/^GET \/2\.0\/repositories\/\{workspace\}\/\{repo_slug\}\/permissions-config\/users$/)
    expect(request).toMatchObject({
      service: 'sync-worker',
      kind: spanKinds.client,
      attributes: { 'http.response.status_code': 200, 'server.address': '127.0.0.1' },
    })
    const slices = receiver.spans.filter(({ name }) => name === 'process SyncRequested').map(({ spanId }) => spanId)
    expect(slices).toContain(request.parentSpanId)
    const batch = await receiver.until(
      ({ service, links }) => service === 'publisher' && links.some((link) => link.traceId === traceId),
    )
    expect(batch).toMatchObject({ kind: spanKinds.producer, name: `publish ${feed.topicPrefix}.changes` })
    // Each event says which span it comes from, and those are the ones that were received.
    const told = feed.ofSync(syncId).map((event) => event.traceparent?.split('-').slice(1, 3))
    expect(told.length).toBeGreaterThan(3)
    for (const [, spanId] of told.map((ids) => ids ?? [])) await receiver.until((span) => span.spanId === spanId)
    expect(new Set(told.map((ids) => ids?.[0]))).toEqual(new Set([traceId]))
    expect(receiver.problems).toEqual([])
  })

  test('can be found in the logs by its trace and by its ids', async () => {
    const logs = (await readLogs()).join('\n').split('\n')
    const lines = logs.filter((line) => line.includes(`"traceId":"${traceId}"`)).map((line) => JSON.parse(line))
    const of = (event: string) => lines.find((line) => line.event === event)
    expect(of('request.answered')).toMatchObject({ service: 'connector-api', tenantId: 'acme', status: 202 })
    const ids = { tenantId: 'acme', connectionId, syncId }
    expect(of('sync.started')).toMatchObject({ service: 'sync-worker', ...ids })
    expect(of('sync.completed')).toMatchObject({ service: 'sync-worker', ...ids })
  })

  test('shows in the figures, each of which docs/metrics.md describes and each of which is there', async () => {
    const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    for (const section of page.split('\n## ').slice(1)) {
      const service = section.slice(0, section.indexOf('\n'))
      const described = [...section.matchAll(/^\| `(clarity_\w+)`/gm)].map(([, name]) => name)
      const text = await scrape(service as keyof typeof urls)
      const shown = [...text.matchAll(/^# TYPE (clarity_\w+)/gm)].map(([, name]) => name)
      expect(shown.toSorted(), service).toEqual(described.toSorted())
      expect(described.length).toBeGreaterThan(3)
    }
    const figure = async (service: keyof typeof urls, of: RegExp) => Number(of.exec(await scrape(service))?.[1])
    expect(await figure('sync-worker', /^clarity_worker_syncs_total\{kind="full",result="completed".*\} (\d+)$/m)).toBe(
      2,
    )
    expect(await figure('connector-api', /^clarity_bitbucket_requests_total\{.*status="200".*\} (\d+)$/m)).toBe(1)
    const published = await figure('publisher', /^clarity_publisher_events_total\{.*\} (\d+)$/m)
    // What people did is on a topic of its own.
    expect(published).toBeGreaterThanOrEqual(feed.events.length)
  })
})

test('what is secret or personal is in no log, no figure and no span, whatever goes well or wrong', async () => {
  const slug = 'leaky'
  const { consumer } = await bitbucket.addWorkspace({
    slug,
    users: 12,
    groups: 2,
    projects: 2,
    repositories: 8,
    seed: 9,
  })
  const { members, repositories } = await bitbucket.truth(slug)
  const owner = members.find(({ permission }) => permission === 'owner')?.userUuid ?? ''
  const { email, token } = await bitbucket.createApiToken(slug, owner)
  const wrong = { key: 'a-key-nobody-knows', secret: 'planted-wrong-secret' }
  const nobody = 'planted-candidate@nowhere.example'
  const planted = [
    ...Object.values(apiKeys),
    'planted-api-key-of-nobody',
    'planted-cookie-of-nobody',
    masterKey,
    workspace.consumer.secret,
    consumer.secret,
    wrong.secret,
    token,
    email,
    nobody,
  ]

  // It goes well: with an administrator's token, and addresses that are asked about.
  const created = await acme.call('/v1/connections', {
    ...connectionInput({ workspace: slug, ...consumer }),
    moreCredentials: [{ kind: 'api-token', email, token }],
  })
  expect(created).toMatchObject({ status: 201 })
  const { connection, sync } = created.body as { connection: { id: string }; sync: { id: string } }
  await acme.until(connection.id, sync.id, isFinished)
  const addresses = { addresses: [email, nobody] }
  expect(await acme.call(`/v1/connections/${connection.id}/candidate-emails`, addresses, 'PUT')).toMatchObject({
    status: 202,
  })
  expect((await acme.sync(connection.id)).state).toBe('completed')
  planted.push(...(await bitbucket.issuedTokens()))

  // Somebody signs in by a link, and what their browser sends then is theirs alone.
  const link = await operator.call('/v1/tenants/acme/sign-in-links', {})
  const signInToken = String((link.body as { url: string }).url).split('#token=')[1] ?? ''
  const signIn = () => sendSession({}, { signInToken })
  const { headers: signedIn } = await signIn()
  expect((await signIn()).status).toBe(401)
  const credential = /clarity-session=([^;]+)/.exec(signedIn.get('set-cookie') ?? '')?.[1] ?? ''
  expect([signInToken.length, credential.length]).toEqual([43, 51])
  planted.push(signInToken, credential)
  const ofBrowser = { cookie: `clarity-session=${credential}` }
  expect((await fetch(`${acme.url}/v1/connections/${connection.id}`, { headers: ofBrowser })).status).toBe(200)
  expect((await sendSession({ cookie: 'clarity-session=planted-cookie-of-nobody' }, { key: 'a b' })).status).toBe(400)

  // Somebody else calls, a caller sends what is no JSON, and credentials are refused when they are saved.
  const asNobody = { authorization: 'Bearer planted-api-key-of-nobody', 'content-type': 'application/json' }
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${acme.url}/v1/connections?secret=${wrong.secret}`, { method: 'POST', headers, body })
  expect((await post(asNobody, '{}')).status).toBe(401)
  const asAcme = { ...asNobody, authorization: `Bearer ${apiKeys.acme}` }
  expect((await post(asAcme, `{"credential": ${token}`)).status).toBe(400)
  expect((await post(asAcme, JSON.stringify({ secret: wrong.secret, email }))).status).toBe(400)
  for (const given of [wrong, { ...consumer, secret: wrong.secret }]) {
    const refused = connectionInput({ workspace: slug, ...given })
    expect(await acme.call('/v1/connections', { ...refused, uniqueIdentifier: 'other' })).toMatchObject({ status: 422 })
  }
  const wrongToken = { kind: 'api-token', email, token: wrong.secret }
  const withWrongToken = {
    workspace: slug,
    credential: { kind: 'oauth-consumer', ...consumer },
    moreCredentials: [wrongToken],
  }
  await acme.call(`/v1/connections/${connection.id}/credentials`, withWrongToken, 'PUT')

  // Bitbucket refuses in the middle, answers what is no answer, and ends every token.
  const anyOf = { workspace: slug, atLeast: 1 }
  const shown = { resource: repositories[0]?.uuid ?? '' }
  await bitbucket.break(
    { ...anyOf, ...shown, fault: { type: 'status', status: 500 } },
    { ...anyOf, endpoint: 'GET /1.0/groups/{workspace}', fault: { type: 'wrong-shape', as: 'array' } },
  )
  await acme.sync(connection.id)
  await bitbucket.heal()
  await bitbucket.revokeTokens()
  await bitbucket.changeConsumer(slug, consumer.key, { secret: 'planted-changed-secret' })
  planted.push('planted-changed-secret')
  await bitbucket.break({ ...anyOf, fault: { type: 'status', status: 401 } })
  expect((await acme.sync(connection.id)).state).toBe('failed')
  await bitbucket.heal()

  // A defect: what was sealed is no credentials, and a worker dies over it.
  const vault = createVault(new Secret(masterKey))
  const key = `clarity:{s${await shardOf(connection.id)}}:${connection.id}`
  await redis.hset(key, 'credential', vault.seal(connection.id, new Secret('plantedtxt')))
  // So short that a parser of JSON would quote it whole.
  planted.push('plantedtxt')
  expect((await acme.sync(connection.id)).state).toBe('failed')
  await processes['sync-worker'].restart()

  const logs = (await readLogs()).join('\n')
  const figures = (await Promise.all((['connector-api', 'sync-worker', 'publisher'] as const).map(scrape))).join('\n')
  await receiver.until(
    ({ attributes }) => attributes['clarity.outcome'] === 'defect' || attributes['error.type'] === 'invariant',
  )
  const spans = receiver.bodies.join('\n')
  const isIn = (text: string, value: string) => text.includes(value)
  // It was looked for where it happened.
  const events = [
    'request.answered',
    'sync.completed',
    'sync.failed',
    'sync.defect',
    'service.stopping',
    'batch.published',
  ]
  const told = [...events.map((event) => `"event":"${event}"`), '"status":401', '"status":422', connection.id]
  for (const value of told) expect(isIn(logs, value), value).toBe(true)
  expect(isIn(spans, 'GET /1.0/groups/{workspace_slug}')).toBe(true)
  const domain = email.slice(email.indexOf('@'))
  for (const text of [logs, figures, spans]) {
    for (const value of [...planted, domain]) expect(isIn(text, value), value).toBe(false)
  }
  // Nor do figures and spans say where and of whom they are.
  for (const text of [figures, spans]) {
    const names = [`/${slug}`, ...repositories.map(({ uuid }) => uuid), ...members.map(({ userUuid }) => userUuid)]
    for (const name of names) expect(isIn(text, name), name).toBe(false)
  }
})

function sendSession(headers: Record<string, string>, body: object): Promise<Response> {
  const type = { 'content-type': 'application/json' }
  return fetch(`${acme.url}/v1/session`, {
    method: 'POST',
    headers: { ...headers, ...type },
    body: JSON.stringify(body),
  })
}

async function shardOf(connectionId: string): Promise<string | undefined> {
  const [key] = await listKeys(redis, `clarity:{s*}:${connectionId}`)
  return /\{s(\d+)\}/.exec(key ?? '')?.[1]
}
