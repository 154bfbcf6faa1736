import { type Environment, parseEnvironment } from './config.ts'
import { createClock, createSimulator, readTls } from './index.ts'

const parsed = parseEnvironment(process.env)
if (parsed.state === 'invalid') {
  process.stderr.write(`${parsed.mistakes.join('\n')}\n`)
  process.exitCode = 1
} else {
  // A port that is taken, a file that is no key: the reason says it all.
  await run(parsed.environment).catch((error: unknown) => {
    process.stderr.write(`The simulator cannot run: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}

/** Serves one seeded workspace until a signal, then leaves by an empty event loop. */
async function run(environment: Environment): Promise<void> {
  const signal = firstSignal()
  const { SIMULATOR_TOKEN_LIFE_SECONDS: lifeSeconds, BITBUCKET_OPENAPI: openApiPath } = environment
  const { SIMULATOR_TLS_KEY: keyPath, SIMULATOR_TLS_CERT: certPath } = environment
  await using simulator = await createSimulator({
    host: environment.HOST,
    port: environment.PORT,
    era: environment.BITBUCKET_ERA,
    clock: createClock(environment.SIMULATOR_CLOCK),
    limits: {
      requestsPerHour: environment.SIMULATOR_REQUESTS_PER_HOUR,
      inFlight: environment.SIMULATOR_REQUESTS_IN_FLIGHT,
    },
    ...(lifeSeconds === undefined ? {} : { tokenLifeSeconds: lifeSeconds }),
    ...(openApiPath === undefined ? {} : { openApiPath }),
    ...(keyPath !== undefined && certPath !== undefined ? { tls: await readTls(keyPath, certPath) } : {}),
    workspaces: [
      {
        slug: environment.SIMULATOR_WORKSPACE,
        users: environment.SIMULATOR_USERS,
        groups: environment.SIMULATOR_GROUPS,
        projects: environment.SIMULATOR_PROJECTS,
        repositories: environment.SIMULATOR_REPOSITORIES,
        seed: environment.SIMULATOR_SEED,
        consumer: { key: environment.SIMULATOR_CONSUMER_KEY, secret: environment.SIMULATOR_CONSUMER_SECRET },
      },
    ],
  })
  process.stdout.write(`Bitbucket simulator: ${simulator.url}, workspace ${environment.SIMULATOR_WORKSPACE}\n`)
  await signal
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
}
