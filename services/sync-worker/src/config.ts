import { type Config, variable, wholeNumber } from '@clarity/shared/runtime/config'
import {
  bitbucketVariables,
  commonVariables,
  leaseVariable,
  masterKeyVariables,
  redisVariables,
} from '@clarity/shared/runtime/variables'

/** What the sync-worker is configured with. */
export const variables = {
  ...commonVariables(8081),
  ...redisVariables,
  ...leaseVariable,
  ...masterKeyVariables,
  ...bitbucketVariables,
  SYNC_CONCURRENCY: variable({
    schema: wholeNumber(1, 100),
    description: 'How many syncs one worker runs at the same time.',
    example: '4',
    default: '4',
  }),
  SLICE_SECONDS: variable({
    schema: wholeNumber(1, 300),
    description: 'How long a sync works before it goes back to the end of the queue, so that others have their turn.',
    example: '10',
    default: '10',
  }),
  SLICE_REQUESTS: variable({
    schema: wholeNumber(10, 10_000),
    description: 'How many requests to Bitbucket a sync makes before it goes back to the end of the queue.',
    example: '200',
    default: '200',
  }),
  SCOPE_CONCURRENCY: variable({
    schema: wholeNumber(1, 5),
    description: 'How many scopes of one sync are read at the same time. Bitbucket refuses dense bursts, so at most 5.',
    example: '4',
    default: '4',
  }),
  OUTBOX_ENTRIES_MAX: variable({
    schema: wholeNumber(1_000, 10_000_000),
    description:
      'How many events of one shard may wait for Kafka, some 1.5 KiB of Redis each, before the syncs of its connections pause.',
    example: '20000',
    default: '20000',
  }),
}

export type SyncWorkerConfig = Config<typeof variables>
