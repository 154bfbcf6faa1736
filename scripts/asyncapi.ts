import { AuditHeaders, AuditRecord, auditName, auditType } from '@clarity/shared/contract/audit'
import { auditExample, exampleAuditHeaders } from '@clarity/shared/contract/audit-example'
import { eventExamples, exampleHeaders } from '@clarity/shared/contract/event-examples'
import { EventHeaders } from '@clarity/shared/contract/event-headers'
import { type EventName, eventData, eventType } from '@clarity/shared/contract/events'
import { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import { type StateKind, stateKinds, stateType, stateValue } from '@clarity/shared/contract/state'
import { exampleStateHeaders, stateExamples } from '@clarity/shared/contract/state-examples'
import { eventNames, toJsonSchema, versionedAudit, versionedName, versionedState } from './event-schemas.ts'

/**
 * The stream as an AsyncAPI 3 document. It stands beside the schemas and refers to them. Tools read those by the rules of
 * draft 7 unless told otherwise, and many cannot be told: the keywords that the schemas use mean the same in both.
 */
export function asyncApi(version: string): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Access in Bitbucket Cloud, as a stream of changes',
      version,
      description:
        'Who has which access in the connected workspaces: every change, in order for each connection. The rules for ' +
        'consumers are in docs/events.md.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: { changes, state, audit },
    operations: {
      tellChanges: {
        action: 'send',
        title: 'Tell what changed',
        summary: 'A consumer reads with the isolation level read_committed.',
        channel: { $ref: '#/channels/changes' },
      },
      tellState: {
        action: 'send',
        title: 'Tell what is there now',
        summary: 'Written in the transaction that tells the change. A null value says that the entity is gone.',
        channel: { $ref: '#/channels/state' },
      },
      tellAudit: {
        action: 'send',
        title: 'Tell what somebody did',
        summary: 'Told together with what it changed. A record has no sequence; it is known by its id.',
        channel: { $ref: '#/channels/audit' },
      },
    },
    components: {
      messages: Object.fromEntries([
        ...eventNames.map((name) => [versionedName(name), toMessage(name)] as const),
        ...stateKinds.map((kind) => [versionedState(kind), toStateMessage(kind)] as const),
        [versionedAudit, toAuditMessage()] as const,
      ]),
      schemas: {
        headers: withoutDialect(toJsonSchema(EventHeaders)),
        auditHeaders: withoutDialect(toJsonSchema(AuditHeaders)),
      },
    },
  }
}

const parameters = {
  prefix: { description: 'The TOPIC_PREFIX of the deployment', default: 'clarity.bitbucket' },
}

const changes = {
  address: '{prefix}.changes',
  title: 'Changes',
  description: 'Every event. Those of a connection are all in one partition, in the order of their sequence.',
  parameters,
  messages: Object.fromEntries(
    eventNames.map((name) => [versionedName(name), { $ref: `#/components/messages/${versionedName(name)}` }]),
  ),
}

const state = {
  address: '{prefix}.state',
  title: 'State',
  description:
    'What is there now: one record for each entity. Those of a connection are in the partition of its events.',
  parameters,
  messages: Object.fromEntries(
    stateKinds.map((kind) => [versionedState(kind), { $ref: `#/components/messages/${versionedState(kind)}` }]),
  ),
  bindings: { kafka: { topicConfiguration: { 'cleanup.policy': ['compact'] }, bindingVersion: '0.5.0' } },
}

const audit = {
  address: '{prefix}.audit',
  title: 'Audit',
  description: 'Who did what to which connection, key or tenant, by tenant.',
  parameters,
  messages: { [versionedAudit]: { $ref: `#/components/messages/${versionedAudit}` } },
}

function toMessage(name: EventName) {
  return {
    name: eventType(name),
    title: name,
    summary: eventData[name].description,
    headers: {
      allOf: [
        { $ref: '#/components/schemas/headers' },
        { type: 'object', properties: { ce_type: { const: eventType(name) } } },
      ],
    },
    payload: { $ref: `./${versionedName(name)}.json` },
    correlationId: { location: '$message.header#/ce_correlationid' },
    bindings: { kafka: { key: withoutDialect(toJsonSchema(ConnectionId)), bindingVersion: '0.5.0' } },
    examples: [{ headers: exampleHeaders(name), payload: eventExamples[name].data }],
  }
}

function toStateMessage(kind: StateKind) {
  return {
    name: stateType(kind),
    title: kind,
    summary: stateValue[kind].description,
    headers: {
      allOf: [
        { $ref: '#/components/schemas/headers' },
        { type: 'object', properties: { ce_type: { const: stateType(kind) } } },
      ],
    },
    payload: { oneOf: [{ $ref: `./${versionedState(kind)}.json` }, { type: 'null' }] },
    bindings: { kafka: { key: stateKeySchema, bindingVersion: '0.5.0' } },
    examples: [{ headers: exampleStateHeaders(kind), payload: stateExamples[kind].value }],
  }
}

function toAuditMessage() {
  return {
    name: auditType,
    title: auditName,
    summary: AuditRecord.description,
    headers: { $ref: '#/components/schemas/auditHeaders' },
    payload: { $ref: `./${versionedAudit}.json` },
    bindings: { kafka: { key: withoutDialect(toJsonSchema(TenantId)), bindingVersion: '0.5.0' } },
    examples: [{ headers: exampleAuditHeaders(), payload: auditExample }],
  }
}

const stateKeySchema = { type: 'string', description: '`<connection id>/<kind>/<entity id>`' }

function withoutDialect({ $schema: _, ...schema }: ReturnType<typeof toJsonSchema>) {
  return schema
}
