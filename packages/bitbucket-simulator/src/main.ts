import { type Environment, parseEnvironment } from './config.ts'
import { createSimulator } from './index.ts'

const parsed = parseEnvironment(process.env)
if (parsed.state === 'invalid') {
  process.stderr.write(`${parsed.mistakes.join('\n')}\n`)
  process.exitCode = 1
} else await run(parsed.environment)

/** Serves one seeded workspace until a signal, then leaves by an empty event loop. */
async function run(environment: Environment): Promise<void> {
  const signal = firstSignal()
  await using simulator = await createSimulator({
    host: environment.HOST,
    port: environment.PORT,
    tokenLifeSeconds: environment.SIMULATOR_TOKEN_LIFE_SECONDS,
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
