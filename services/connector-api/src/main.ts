import { exitWithStartError, runService } from '@clarity/shared/runtime/lifecycle'
import { createLog } from '@clarity/shared/runtime/log'
import { loadApiConfig } from './config.ts'
import { createService } from './service.ts'

try {
  const config = loadApiConfig(process.env)
  const log = createLog({ service: 'connector-api', version: '0.1.0', level: config.LOG_LEVEL })
  await runService(() => createService(config, log), { log })
} catch (error) {
  exitWithStartError(error)
}
