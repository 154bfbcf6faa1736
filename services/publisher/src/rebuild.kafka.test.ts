import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { expect, onTestFinished, test } from 'vitest'

const { url: redisUrl } = await testRedis()
const { brokers, prefix } = testKafka()
const script = fileURLToPath(new URL('./rebuild.ts', import.meta.url))

function withLogin(login: string): string {
  return redisUrl.replace('redis://', `redis://${login}@`)
}

/** What the command prints, on either way. */
async function run(env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [script], {
    env: { REDIS_URL: redisUrl, KAFKA_BROKERS: brokers.join(','), TOPIC_PREFIX: `${prefix}rebuild`, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return `${out}${err}`
}

test.each([
  ['Redis refuses', { REDIS_URL: withLogin('nobody:planted-password') }, /WRONGPASS/],
  ['nothing listens for', { REDIS_URL: 'redis://nobody:planted-password@localhost:1' }, /Redis does not answer/],
  ['is not encoded', { REDIS_URL: withLogin('nobody:planted#password') }, /REDIS_URL/],
  ['is not well encoded', { REDIS_URL: withLogin('nobody:planted%password') }, /REDIS_URL/],
  [
    'Kafka refuses',
    {
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'nobody',
      KAFKA_SASL_PASSWORD: 'planted-password',
    },
    /Kafka/,
  ],
])('a login that %s is told without its password', async (_, env, told) => {
  const output = await run(env)
  expect(output).toMatch(told)
  expect(output).not.toContain('planted')
})
