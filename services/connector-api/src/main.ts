import { exitWithStartError, runService } from '@clarity/shared/runtime/lifecycle'
import { createLog } from '@clarity/shared/runtime/log'
import { loadApiConfig } from './config.ts'
import { createService, identity } from './service.ts'

try {
  const config = loadApiConfig(process.env)
  const log = createLog({ ...identity, level: config.LOG_LEVEL })
  await runService(() => createService(config, log), { log })
} catch (error) {
  exitWithStartError(error)
}
