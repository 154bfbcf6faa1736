// How soon the console is there in a browser that has nothing of it yet: pnpm --filter @clarity/bench console
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from '@clarity/launcher/chromium'
import { callJson } from '@clarity/launcher/http'
import { startKafka } from '@clarity/launcher/kafka'
import { stopAll } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import { isFinished, Sync } from '@clarity/shared/contract/syncs'
import { type Browser, chromium } from 'playwright-core'
import { z } from 'zod'
import { printTable } from '../load.ts'
import { median, quantile } from '../statistics.ts'

const visits = 9
const settleMs = 1_500
const [bearer, operatorKey] = ['key-of-the-bench-0123456789', 'operator-of-the-bench-0123456789']
const consumer = { key: 'bench-consumer', secret: 'bench-secret' }

const Visit = z.object({ paintMs: z.number(), shift: z.number(), longTasksMs: z.number(), scriptBytes: z.number() })
type Visit = z.infer<typeof Visit>

const dir = await mkdtemp(join(tmpdir(), 'bench-console-'))
const redis = await startRedis({ dir: join(dir, 'redis') })
const kafka = await startKafka({ dir: join(dir, 'kafka') })
try {
  await using system = await startSystem({
    ...{ redisUrl: redis.url, brokers: kafka.brokers, keyPrefix: 'bench', topicPrefix: 'bench.bitbucket' },
    ...{ apiKeys: { bench: bearer }, operatorKey, logDir: join(dir, 'logs') },
    workspace: { slug: 'acme', users: 500, groups: 40, projects: 40, repositories: 1_000, seed: 7, consumer },
  })
  const id = await connect(system.apiUrl)
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] })
  const table = [['page', 'largest paint, ms', '95 of 100', 'layout shift', 'long tasks, ms', 'script, KiB']]
  for (const path of [
    '/',
    `/connections/${id}`,
    `/connections/${id}/access`,
    `/connections/${id}/changes`,
    '/connect',
  ]) {
    const seen: Visit[] = []
    for (let visit = 0; visit < visits; visit++) seen.push(await measure(browser, system.apiUrl, path))
    const paints = seen.map(({ paintMs }) => paintMs)
    table.push([
      path.replace(id, '…'),
      median(paints).toFixed(0),
      quantile(paints, 0.95).toFixed(0),
      Math.max(...seen.map(({ shift }) => shift)).toFixed(3),
      median(seen.map(({ longTasksMs }) => longTasksMs)).toFixed(0),
      median(seen.map(({ scriptBytes }) => scriptBytes / 1024)).toFixed(0),
    ])
    process.stderr.write(`${path}\n`)
  }
  printTable(table)
  await browser.close()
} finally {
  await stopAll([redis.process, kafka.process])
  await rm(dir, { recursive: true })
}

/** One visit of somebody who is signed in, with an empty cache. */
async function measure(browser: Browser, origin: string, path: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  await context.addCookies([{ name: 'clarity-session', value: bearer, url: `${origin}/v1` }])
  const page = await context.newPage()
  await page.addInitScript(`
    window.seen = { paintMs: 0, shift: 0, longTasksMs: 0 }
    const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
    watch('largest-contentful-paint', ({ startTime }) => { window.seen.paintMs = startTime })
    watch('layout-shift', ({ value }) => { window.seen.shift += value })
    watch('longtask', ({ duration }) => { window.seen.longTasksMs += duration })
  `)
  await page.goto(`${origin}${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  // A page that listens is never idle; what it shows at first is there by then.
  await page.waitForTimeout(settleMs)
  const seen = await page.evaluate(`({
    ...window.seen,
    scriptBytes: performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  })`)
  await context.close()
  return Visit.parse(seen)
}

async function connect(apiUrl: string): Promise<string> {
  const body = {
    ...{ name: 'Bench', uniqueIdentifier: 'bench', workspace: 'acme' },
    credential: { kind: 'oauth-consumer', ...consumer },
  }
  const made = await callJson(`${apiUrl}/v1/connections`, { bearer, body })
  const { connection, sync } = z
    .object({ connection: z.object({ id: z.string() }), sync: z.object({ id: z.string() }) })
    .parse(made.body)
  for (;;) {
    const found = await callJson(`${apiUrl}/v1/connections/${connection.id}/syncs/${sync.id}`, { bearer })
    if (isFinished(Sync.parse(found.body).state)) return connection.id
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
