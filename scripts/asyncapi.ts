import { eventExamples, exampleHeaders } from '@clarity/shared/contract/event-examples'
import { EventHeaders } from '@clarity/shared/contract/event-headers'
import { type EventName, eventData, eventType } from '@clarity/shared/contract/events'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { eventNames, toJsonSchema, versionedName } from './event-schemas.ts'

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
    channels: { changes },
    operations: {
      tellChanges: {
        action: 'send',
        title: 'Tell what changed',
        summary: 'A consumer reads with the isolation level read_committed.',
        channel: { $ref: '#/channels/changes' },
      },
    },
    components: {
      messages: Object.fromEntries(eventNames.map((name) => [versionedName(name), toMessage(name)])),
      schemas: { headers: withoutDialect(toJsonSchema(EventHeaders)) },
    },
  }
}

const changes = {
  address: '{prefix}.changes',
  title: 'Changes',
  description: 'Every event. Those of a connection are all in one partition, in the order of their sequence.',
  parameters: {
    prefix: { description: 'The TOPIC_PREFIX of the deployment', default: 'clarity.bitbucket' },
  },
  messages: Object.fromEntries(
    eventNames.map((name) => [versionedName(name), { $ref: `#/components/messages/${versionedName(name)}` }]),
  ),
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

function withoutDialect({ $schema: _, ...schema }: ReturnType<typeof toJsonSchema>) {
  return schema
}
