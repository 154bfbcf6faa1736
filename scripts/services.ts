import { variables as connectorApi } from '@clarity/connector-api/config'
import { variables as publisher } from '@clarity/publisher/config'
import { variables as syncWorker } from '@clarity/sync-worker/config'
import type { ConfiguredService } from './configuration.ts'

/** The services of this repository, in the order in which data flows through them. */
export const services: readonly ConfiguredService[] = [
  { name: 'connector-api', variables: connectorApi },
  { name: 'sync-worker', variables: syncWorker },
  { name: 'publisher', variables: publisher },
]
