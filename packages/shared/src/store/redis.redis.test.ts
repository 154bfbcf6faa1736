import { testRedis } from '@clarity/testkit/redis'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../runtime/log.ts'
import { Secret } from '../runtime/secret.ts'
import { createRedis } from './redis.ts'

const { url } = await testRedis()

test.each([
  ['is refused', (login: string) => url.replace('redis://', `redis://${login}@`), /WRONGPASS/],
  ['meets nobody', (login: string) => `redis://${login}@127.0.0.1:1`, /ECONNREFUSED/],
])('a login that %s is logged without its password', async (_, urlWith, told) => {
  const lines: string[] = []
  const log = createLog({ service: 'test', version: '0', level: 'trace' }, { write: (line) => void lines.push(line) })
  const redis = createRedis(new Secret(urlWith('nobody:planted-password')), { whenAway: 'fail', log })
  onTestFinished(() => redis.disconnect())
  const error = await redis.get('key').catch((reason: unknown) => reason)
  log.error({ err: error }, 'failed')
  expect(lines.join('')).toMatch(told)
  expect(lines.join('')).toContain('failed')
  expect(lines.join('')).not.toContain('planted')
})
