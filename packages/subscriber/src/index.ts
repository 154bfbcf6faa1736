export { AccessSnapshot } from './access-view.ts'
export { type ParsedAudit, parseAudit } from './audit-event.ts'
export { type AuditHandlers, type AuditReaderOptions, createAuditReader } from './audit-reader.ts'
export { type ReadStateOptions, readState } from './bootstrap.ts'
export { describeEvent } from './describe.ts'
export { type AccessEvent, type Envelope, type ParsedRecord, parseEvent, parseRecord } from './event.ts'
export { LiveView, type LiveViewOptions } from './live-view.ts'
export { type ReadToEndOptions, readToEnd, type TopicRecord } from './read-to-end.ts'
export { type Gap, type SequenceCheck, SequenceTracker } from './sequence.ts'
export { parseStateRecord, type StateRecord } from './state-record.ts'
export {
  createClient,
  createSubscriber,
  type EventOf,
  type Handlers,
  type KafkaAccess,
  type Subscriber,
  type SubscriberOptions,
  topicsOf,
} from './subscriber.ts'
export type { BatchEvent } from './take-batch.ts'
export { undoEvent } from './undo.ts'
export { type AccessState, applyEvent, applyStateChange, emptyState, indexAccess } from './view.ts'
