import type { Resource } from '../contract/entities.ts'

/**
 * How facts and resources are written in Redis: as short as plain text allows, for a large workspace has a million of
 * them. A UUID is written in 22 characters instead of 36, a known level in one. Whatever has no short form is written
 * as it is, so nothing is ever lost: `unpack` of `pack` is the same again.
 *
 * A bucket of facts is lines of `<field><tab><value>`, in no order that would mean anything.
 */

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

const levelCodes: Readonly<Record<string, string>> = {
  '': '',
  read: 'r',
  write: 'w',
  admin: 'a',
  'create-repo': 'c',
  member: 'm',
  owner: 'o',
}
const levelsByCode = new Map(Object.entries(levelCodes).map(([level, code]) => [code, level]))

/** A bucket, with fields and values as they stand in its text: what does not change need not be read to be written again. */
export class PackedFields {
  readonly #lines = new Map<string, string>()

  constructor(text: string) {
    if (text !== '') for (const line of text.split('\n')) this.#lines.set(...halves(line))
  }

  set(field: string, value: string): void {
    this.#lines.set(escapeBreaks(packField(field)), escapeBreaks(packValue(value)))
  }

  delete(field: string): void {
    this.#lines.delete(escapeBreaks(packField(field)))
  }

  /** As one text; empty for a bucket without fields. */
  pack(): string {
    const lines: string[] = []
    for (const [field, value] of this.#lines) lines.push(`${field}\t${value}`)
    return lines.join('\n')
  }
}

/** Reads the fields and values of a bucket. */
export function unpackFields(text: string): [field: string, value: string][] {
  if (text === '') return []
  const plain = text.includes('\\') ? unescapeBreaks : (part: string) => part
  return text.split('\n').map((line) => {
    const [field, value] = halves(line)
    return [unpackField(plain(field)), unpackValue(plain(value))]
  })
}

function halves(line: string): [field: string, value: string] {
  const at = line.indexOf('\t')
  return [line.slice(0, at), line.slice(at + 1)]
}

/** Writes what a resource is as one short text. */
export function packResource(resource: Resource): string {
  const { kind, uuid, slug, key, name, url, private: isPrivate, defaultPermission, parent } = resource
  const said = [kind, uuid && packUuid(uuid), slug, key, name, url, isPrivate, defaultPermission]
  return JSON.stringify([...said, parent && packUuid(parent.uuid), parent?.key].map((part) => part ?? absentOr(part)))
}

/** Reads back what `packResource` wrote; the caller's schema says whether it is one. */
export function unpackResource(text: string): unknown {
  const parts: unknown = JSON.parse(text)
  if (!Array.isArray(parts)) return parts
  const [kind, uuid, slug, key, name, url, isPrivate, defaultPermission, parentUuid, parentKey] = parts
  const fields = {
    kind,
    uuid: unpackUuid(uuid),
    slug,
    key,
    name,
    url,
    private: isPrivate,
    defaultPermission,
    parent: parentUuid === absent ? absent : { kind: 'project', uuid: unpackUuid(parentUuid), key: parentKey },
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== absent))
}

/** No part of a resource is a number, so this stands for what was not said. */
const absent = 0

function absentOr(part: null | undefined): null | typeof absent {
  return part === undefined ? absent : part
}

function packUuid(uuid: string): string {
  const bare = uuid.slice(1, -1)
  return uuid === `{${bare}}` && bare.length === 36 && uuidForm.test(bare) ? `U${shortenUuid(bare)}` : `=${uuid}`
}

function unpackUuid(packed: unknown): unknown {
  if (typeof packed !== 'string') return packed
  return packed.startsWith('U') ? `{${restoreUuid(packed.slice(1))}}` : packed.slice(1)
}

function packField(field: string): string {
  if (field.startsWith('user:')) {
    const id = field.slice('user:'.length)
    return uuidForm.test(id) ? `U${shortenUuid(id.slice(0, 36))}${id.slice(36)}` : `u${id}`
  }
  return field.startsWith('group:') ? `g${field.slice('group:'.length)}` : `=${field}`
}

function unpackField(packed: string): string {
  const rest = packed.slice(1)
  switch (packed[0]) {
    case 'U':
      return `user:${restoreUuid(rest.slice(0, 22))}${rest.slice(22)}`
    case 'u':
      return `user:${rest}`
    case 'g':
      return `group:${rest}`
    default:
      return rest
  }
}

function packValue(value: string): string {
  return Object.hasOwn(levelCodes, value) ? (levelCodes[value] ?? '') : `=${value}`
}

function unpackValue(packed: string): string {
  return levelsByCode.get(packed) ?? packed.slice(1)
}

function shortenUuid(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}

function restoreUuid(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const breaks: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t' }
const broken: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\t': '\t' }

function escapeBreaks(text: string): string {
  return text.replace(/[\\\n\t]/g, (char) => breaks[char] ?? char)
}

function unescapeBreaks(text: string): string {
  return text.replace(/\\[\\nt]/g, (pair) => broken[pair] ?? pair)
}
