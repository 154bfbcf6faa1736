// The end-to-end check against docker-compose.yml (npm run test:compose): builds the images, starts everything with the
// simulated Bitbucket, runs the same tests as against processes, and takes it all down again.

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { apiKeys, operatorKey, workspace } from '@clarity/e2e/scenario'
import { answersOk } from '@clarity/launcher/http'
import { freePorts } from '@clarity/launcher/ports'
import { simulatorEnvironment } from '@clarity/launcher/system'
import { run } from './run.ts'

const readyTimeoutMs = 180_000

const compose = findCompose()
const [apiPort, kafkaPort, simulatorPort, redisPort] = await freePorts(4)
const apiUrl = `http://127.0.0.1:${apiPort}`
const bitbucketUrl = `http://127.0.0.1:${simulatorPort}`
Object.assign(process.env, simulatorEnvironment(workspace), {
  COMPOSE_PROJECT_NAME: `clarity-e2e-${randomBytes(3).toString('hex')}`,
  API_PORT: apiPort,
  KAFKA_PORT: kafkaPort,
  SIMULATOR_PORT: simulatorPort,
  REDIS_PORT: redisPort,
  BITBUCKET_URL: 'http://simulator:8080',
  BITBUCKET_REQUESTS_PER_HOUR: '1000000000',
  MASTER_KEY: randomBytes(32).toString('base64'),
  API_KEYS: Object.entries(apiKeys)
    .map(([tenant, key]) => `${tenant}=${key}`)
    .join(','),
  OPERATOR_KEYS: operatorKey,
  API_REQUESTS_PER_MINUTE: '1000000000',
})

try {
  process.exitCode = (await up()) && (await check()) ? 0 : 1
} finally {
  if (process.exitCode !== 0) await compose('logs', '--tail=60')
  await compose('down', '--volumes', '--rmi', 'local', '--timeout', '15')
}

async function up(): Promise<boolean> {
  if ((await compose('up', '--detach', '--build')) !== 0) return false
  const deadline = Date.now() + readyTimeoutMs
  for (const url of [`${apiUrl}/readyz`, `${bitbucketUrl}/readyz`]) {
    while (!(await answersOk(url))) {
      if (Date.now() > deadline) {
        process.stderr.write(`${url} did not answer within ${readyTimeoutMs / 1000} s\n`)
        return false
      }
      await delay(500)
    }
  }
  return true
}

async function check(): Promise<boolean> {
  const code = await run(['vitest', 'run', '--project', 'e2e', 'test/e2e/main-job.test.ts'], {
    E2E_API_URL: apiUrl,
    E2E_BITBUCKET_URL: bitbucketUrl,
    E2E_TOPIC: 'clarity.bitbucket.changes',
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    KAFKA_BROKERS: `localhost:${kafkaPort}`,
  })
  return code === 0
}

/** Compose as a plugin of docker, or the program of its own that it used to be. */
function findCompose(): (...args: string[]) => Promise<number> {
  const files = ['--file', 'docker-compose.yml', '--file', 'test/compose/docker-compose.yml', '--profile', 'demo']
  const answers = (...[command, ...args]: [string, ...string[]]) => spawnSync(command, args).status === 0
  if (!answers('docker', 'info')) fail('No Docker daemon answers. Start Docker, or run npm test, which needs none.')
  if (answers('docker', 'compose', 'version')) return (...args) => run(['docker', 'compose', ...files, ...args])
  if (answers('docker-compose', 'version')) return (...args) => run(['docker-compose', ...files, ...args])
  return fail('Docker has no Compose. Install docker-compose-plugin or docker-compose.')
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
