import { type Config, variable, wholeNumber } from '@clarity/shared/runtime/config'
import {
  bitbucketVariables,
  commonVariables,
  leaseVariable,
  masterKeyVariable,
  redisVariables,
} from '@clarity/shared/runtime/variables'

/** What the sync-worker is configured with. */
export const variables = {
  ...commonVariables(8081),
  ...redisVariables,
  ...leaseVariable,
  ...masterKeyVariable,
  ...bitbucketVariables,
  SYNC_CONCURRENCY: variable({
    schema: wholeNumber(1, 100),
    description: 'How many syncs one worker runs at the same time.',
    example: '4',
    default: '4',
  }),
  SCOPE_CONCURRENCY: variable({
    schema: wholeNumber(1, 5),
    description: 'How many scopes of one sync are read at the same time. Bitbucket refuses dense bursts, so at most 5.',
    example: '4',
    default: '4',
  }),
}

export type SyncWorkerConfig = Config<typeof variables>
