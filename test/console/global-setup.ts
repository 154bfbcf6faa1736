// One whole system for all files of this folder: each of them has tenants and workspaces of its own in it.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apiKeys, operatorKey, workspace } from '@clarity/e2e/scenario'
import { ensureChromium } from '@clarity/launcher/chromium'
import { runQuietly } from '@clarity/launcher/commands'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import type {} from '@clarity/testkit/kafka'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    consoleSystem: { readonly apiUrl: string; readonly bitbucketUrl: string; readonly chromium: string }
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  await using opened = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'clarity-console-'))
  opened.defer(() => rm(dir, { recursive: true, force: true }))
  // What is tested is what these sources make, not what was built some time ago.
  const [chromium, redis] = await Promise.all([
    ensureChromium(),
    startRedis({ dir: join(dir, 'redis') }),
    runQuietly('node_modules/.bin/turbo', ['run', 'build', '--filter=@clarity/console', '--ui=stream'], { cwd: root }),
  ])
  opened.defer(async () => {
    await redis.process.stop()
  })
  const { kafkaBrokers: brokers } = vitest.getProvidedContext()
  const names = { keyPrefix: 'clarity', topicPrefix: `console-${process.pid}` }
  const own = { apiKeys, operatorKey, logDir: join(dir, 'logs'), workspace, leaseSeconds: 4 }
  const system = await startSystem({ redisUrl: redis.url, brokers, ...names, ...own })
  opened.defer(() => system.stop())
  const { apiUrl, bitbucketUrl } = system
  vitest.provide('consoleSystem', { apiUrl, bitbucketUrl, chromium })
  const running = opened.move()
  return () => running.disposeAsync()
}
