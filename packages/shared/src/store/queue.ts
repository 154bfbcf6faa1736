/** The queue in which the API asks for syncs and from which the workers take them. */
export const syncQueueName = 'syncs'

/** The name of the job that asks for a sync. Its id is the sync's id, so asking twice is asking once. */
export const syncRequestedJob = 'SyncRequested'

/** The name of the job that says that it is time for one by schedule. */
export const syncScheduledJob = 'SyncScheduled'

/** The name of the job that says that a connection is to be removed. */
export const removeConnectionJob = 'ConnectionRemoved'

/**
 * How BullMQ keeps such a job. A finished one is dropped at once: what a sync did stands in its own record,
 * and a sync that is still open is put in again under the same id.
 */
export const syncJobOptions = { removeOnComplete: true, removeOnFail: true } as const
