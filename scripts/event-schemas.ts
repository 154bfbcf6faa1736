import { AuditRecord, auditName, auditType } from '@clarity/shared/contract/audit'
import { auditExample } from '@clarity/shared/contract/audit-example'
import { eventExamples } from '@clarity/shared/contract/event-examples'
import { dataSchemaOf } from '@clarity/shared/contract/event-headers'
import { type EventName, eventData, eventType } from '@clarity/shared/contract/events'
import { leaveOutNoise } from '@clarity/shared/contract/json-schema'
import { type StateKind, stateType, stateValue } from '@clarity/shared/contract/state'
import { stateExamples } from '@clarity/shared/contract/state-examples'
import { z } from 'zod'
import type { JsonSchema } from './compatibility.ts'

/** Every event of the catalogue, in its order. */
// The keys of an object that is typed by exactly these names.
export const eventNames = Object.keys(eventData) as EventName[]

/** Name and version of an event, as its files are called. */
export function versionedName(name: EventName): string {
  return eventType(name).slice(-`${name}.v1`.length)
}

/** The JSON Schema of an event's data, with all that a consumer needs to know of it. */
export function eventSchema(name: EventName): JsonSchema {
  const { $schema: _, description = '', ...rest } = toJsonSchema(eventData[name])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: dataSchemaOf(eventType(name)),
    title: eventType(name),
    description,
    ...rest,
    examples: [eventExamples[name].data],
  }
}

/** Kind and version of a state record, as its files are called. */
export function versionedState(kind: StateKind): string {
  return stateType(kind).slice(-`${kind}.state.v1`.length)
}

/** The JSON Schema of a state record's value. */
export function stateSchema(kind: StateKind): JsonSchema {
  const { $schema: _, description = '', ...rest } = toJsonSchema(stateValue[kind])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: dataSchemaOf(stateType(kind)),
    title: stateType(kind),
    description,
    ...rest,
    examples: [stateExamples[kind].value],
  }
}

/** Name and version of an audit record, as its file is called. */
export const versionedAudit = auditType.slice(-`${auditName}.v1`.length)

/** The JSON Schema of an audit record. */
export function auditSchema(): JsonSchema {
  const { $schema: _, description = '', ...rest } = toJsonSchema(AuditRecord)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: dataSchemaOf(auditType),
    title: auditType,
    description,
    ...rest,
    examples: [auditExample],
  }
}

/**
 * A schema as JSON Schema 2020-12. It is that of the input, what a receiver accepts: properties that it does not name are
 * allowed, so that a consumer that validates by it accepts what is added later. Everything is written out in place.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { '~standard': _, ...plain } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => leaveOutNoise(jsonSchema),
  })
  return plain
}
