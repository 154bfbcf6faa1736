import { AuditAction, AuditHeaders, AuditRecord, auditName, auditType } from '@clarity/shared/contract/audit'
import { auditExample, exampleAuditHeaders } from '@clarity/shared/contract/audit-example'
import { Entitlement, Grant, Resource, ServiceUser, ServiceUserAttributes } from '@clarity/shared/contract/entities'
import { eventExamples, exampleHeaders } from '@clarity/shared/contract/event-examples'
import { EventHeaders } from '@clarity/shared/contract/event-headers'
import { type EventName, eventData, eventType } from '@clarity/shared/contract/events'
import { stateKey, stateKinds, stateType, stateValue } from '@clarity/shared/contract/state'
import { stateExamples } from '@clarity/shared/contract/state-examples'
import type { JsonSchema } from './compatibility.ts'
import {
  auditIntro,
  compatibility,
  entitiesIntro,
  intro,
  rules,
  scimMapping,
  stateIntro,
  withheldTexts,
} from './event-docs-texts.ts'
import { eventNames, toJsonSchema, versionedAudit, versionedName, versionedState } from './event-schemas.ts'
import { toJson } from './json.ts'

type Family = EventName extends `${infer First}.${infer _}` ? First : never

/** What the names of events begin with: heading and subject. */
const families: Readonly<Record<Family, { readonly title: string; readonly subject: string }>> = {
  'service-user': { title: 'Service users', subject: 'the id of the service user' },
  entitlement: { title: 'Entitlements', subject: 'the id of the entitlement' },
  'service-user-entitlement': { title: 'Grants', subject: 'the id of the grant; when it changed, that of the new one' },
  'entitlement-nesting': { title: 'Nestings', subject: 'the id of the nesting; when it changed, that of the new one' },
  scope: { title: 'Scopes', subject: 'the scope' },
  sync: { title: 'Syncs', subject: 'the id of the sync' },
  connection: { title: 'Connections', subject: 'the id of the connection' },
  stream: {
    title: 'The stream itself',
    subject: 'the id of the connection, or the subject of the event that is missing',
  },
}

/** Described once, in a section of their own. */
const entities = { ServiceUser, ServiceUserAttributes, Entitlement, Resource, Grant }

const entityOf = new Map(Object.entries(entities).map(([name, schema]) => [textOf(toJsonSchema(schema)), name]))

/** Every event has these, and they mean the same in each. */
const common = ['connection', 'cause', 'observedAt', 'previouslyObservedAt', 'scope']

/** The text of docs/events.md: every event, as its schema declares it. */
export function renderEvents(): string {
  const sections = [
    intro,
    renderHeaders(),
    renderCommon(),
    rules,
    compatibility,
    ...Object.entries(families).map(([family, texts]) => renderFamily(family, texts)),
    renderState(),
    renderAudit(),
    withheldTexts,
    renderEntities(),
    scimMapping,
  ]
  return `${sections.join('\n\n')}\n`
}

function renderHeaders(): string {
  const example = codeBlock(exampleHeaders('service-user-entitlement.granted'))
  return ['## Headers', '', renderFields(toJsonSchema(EventHeaders)), '', example].join('\n')
}

function renderCommon(): string {
  const { data } = eventExamples['service-user-entitlement.granted']
  const lines = [
    '## What every event says',
    '',
    'The value of the record is JSON: these fields, and those of the event.',
    '',
  ]
  return [
    ...lines,
    renderFields(pick(schemaOf('scope.observable'), isCommon)),
    '',
    codeBlock(pickKeys(data, isCommon)),
  ].join('\n')
}

function renderFamily(family: string, { title, subject }: { title: string; subject: string }): string {
  const events = eventNames.filter((name) => name.startsWith(`${family}.`)).map(renderEvent)
  return [`## ${title}`, `The subject is ${subject}.`, ...events].join('\n\n')
}

function renderEvent(name: EventName): string {
  const own = (field: string) => !isCommon(field)
  const { description = '' } = eventData[name]
  return [
    `### ${name}`,
    `${description} Type \`${eventType(name)}\`, [schema](../schemas/${versionedName(name)}.json).`,
    renderFields(pick(schemaOf(name), own)),
    codeBlock(pickKeys(eventExamples[name].data, own)),
  ].join('\n\n')
}

function renderState(): string {
  const kinds = stateKinds.map((kind) =>
    [
      `### ${kind}`,
      `${stateValue[kind].description}. Type \`${stateType(kind)}\`, [schema](../schemas/${versionedState(kind)}.json).`,
      renderFields(toJsonSchema(stateValue[kind])),
      codeBlock({ key: stateKey('con_41', { kind, id: stateExamples[kind].id }), value: stateExamples[kind].value }),
    ].join('\n\n'),
  )
  return [stateIntro, ...kinds].join('\n\n')
}

function renderAudit(): string {
  return [
    auditIntro,
    `### ${auditName}`,
    `${AuditRecord.description} Type \`${auditType}\`, [schema](../schemas/${versionedAudit}.json).`,
    renderFields(toJsonSchema(AuditRecord)),
    codeBlock(auditExample),
    `Actions: ${AuditAction.options.map((action) => `\`${action}\``).join(', ')}.`,
    '### Headers of an audit record',
    renderFields(toJsonSchema(AuditHeaders)),
    codeBlock(exampleAuditHeaders()),
  ].join('\n\n')
}

function renderEntities(): string {
  const parts = Object.entries(entities).map(([name, schema]) =>
    [`### ${name}`, `${schema.description ?? ''}.`, renderFields(toJsonSchema(schema))].join('\n\n'),
  )
  return ['## Entities', entitiesIntro, ...parts].join('\n\n')
}

function renderFields(schema: JsonSchema): string {
  return ['| field | type | meaning |', '|---|---|---|', ...rowsOf(schema, '')].join('\n')
}

/** A row for each property, and below it those of what is in it. */
function rowsOf(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return []
    const optional = schema.required?.includes(name) ? '' : ', optional'
    const { description = '' } = property
    const row = `| \`${prefix}${name}\` | ${typeOf(property)}${optional} | ${description.replaceAll('|', '\\|')} |`
    return [row, ...rowsWithin(property, `${prefix}${name}`)]
  })
}

function rowsWithin(schema: JsonSchema, place: string): string[] {
  if (entityOf.has(textOf(schema))) return []
  const { items, additionalProperties, anyOf = [] } = schema
  const inItems = isSchema(items) ? rowsWithin(items, `${place}[]`) : []
  const inRecord = isSchema(additionalProperties) ? rowsWithin(additionalProperties, `${place}.*`) : []
  const inChoices = anyOf.flatMap((each) => rowsWithin(each, place))
  return [...rowsOf(schema, `${place}.`), ...inItems, ...inRecord, ...inChoices]
}

function typeOf(schema: JsonSchema): string {
  const entity = entityOf.get(textOf(schema))
  if (entity !== undefined) return `[${entity}](#${entity.toLowerCase()})`
  const { anyOf, type, const: value, enum: values, items, additionalProperties, format } = schema
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (value !== undefined) return `\`${value}\``
  if (values !== undefined) return values.map((each) => `\`${each}\``).join(', ')
  if (isSchema(items)) return `list of ${typeOf(items)}`
  if (isSchema(additionalProperties)) return 'object by name'
  return Array.isArray(type) ? type.join(' or ') : (format ?? type ?? 'anything')
}

function isSchema(schema: JsonSchema['items']): schema is JsonSchema {
  return typeof schema === 'object' && !Array.isArray(schema)
}

/** What makes two schemas the same entity. */
function textOf({ $schema: _, ...schema }: JsonSchema): string {
  return JSON.stringify(schema)
}

function schemaOf(name: EventName): JsonSchema {
  return toJsonSchema(eventData[name])
}

function isCommon(field: string): boolean {
  return common.includes(field)
}

function pick(schema: JsonSchema, wanted: (field: string) => boolean): JsonSchema {
  return { ...schema, properties: pickKeys(schema.properties ?? {}, wanted) }
}

function pickKeys<Value>(
  all: Readonly<Record<string, Value>> | object,
  wanted: (field: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([field]) => wanted(field)))
}

function codeBlock(value: unknown): string {
  return `\`\`\`json\n${toJson(value, 110)}\`\`\``
}
