import { isPrivileged } from '@clarity/shared/access/levels'
import { bareUuid } from '@clarity/shared/contract/ids'
import { toSearchText } from '../search-text.ts'
import type { Tables } from '../tables.ts'
import type { Change, Kind, Point, PresentChange, Version } from './version.ts'

export type VersionTable = Extract<
  keyof Tables,
  'service_users' | 'entitlements' | 'grants' | 'nestings' | 'conditions'
>

/** A row as it goes into a statement: numbers of events as text, for JSON has no number that is large enough. */
export type Row = Readonly<Record<string, unknown>>

export const tableOf: { readonly [K in Kind]: VersionTable } = {
  'service-user': 'service_users',
  entitlement: 'entitlements',
  'service-user-entitlement': 'grants',
  'entitlement-nesting': 'nestings',
  scope: 'conditions',
  connection: 'conditions',
  'connection-health': 'conditions',
  'connection-pause': 'conditions',
}

/** By which columns a table tells entities of a connection apart. */
export const keyColumns: { readonly [Table in VersionTable]: readonly string[] } = {
  service_users: ['id'],
  entitlements: ['id'],
  grants: ['service_user_id', 'resource', 'level'],
  nestings: ['container', 'resource', 'level'],
  conditions: ['kind', 'id'],
}

export const versionTables: readonly VersionTable[] = [
  'service_users',
  'entitlements',
  'grants',
  'nestings',
  'conditions',
]

/** The columns that an entity is found by. */
export function toKeyRow({ kind, id }: Pick<Change, 'kind' | 'id'>): Row {
  switch (kind) {
    case 'service-user':
    case 'entitlement':
      return { id }
    case 'service-user-entitlement': {
      const { holder, resource, level } = partsOf(id)
      return { service_user_id: holder, resource, level }
    }
    case 'entitlement-nesting': {
      const { holder, resource, level } = partsOf(id)
      return { container: holder.slice(0, -'#member'.length), resource, level }
    }
    default:
      return { kind, id }
  }
}

/** The whole row of a version. */
export function toRow(connection: number, { entity, from, to }: Version): Row {
  return { connection, ...toKeyRow(entity), ...toColumns(entity), ...toHeld('from', from), ...toHeld('to', to) }
}

export function toHeld(name: 'from' | 'to', point: Point | null): Row {
  return { [`${name}_sequence`]: point?.sequence.toString() ?? null, [`${name}_time`]: point?.time ?? null }
}

function toColumns(entity: PresentChange): Row {
  switch (entity.kind) {
    case 'service-user': {
      const { kind, status, membership, attributes } = entity.value
      const { displayName, nickname, email, lastAccessedOn } = attributes
      return {
        kind,
        status,
        membership,
        matched: email !== undefined,
        last_accessed_on: lastAccessedOn ?? null,
        name: toSearchText(displayName ?? nickname) || entity.id,
        search: toSearchText(displayName, nickname),
        value: entity.value,
      }
    }
    case 'entitlement': {
      const { kind, level, privileged, name, resource } = entity.value
      return {
        kind,
        level,
        privileged,
        resource: resourceOf(entity.id),
        parent: resource.parent ? `project:${bareUuid(resource.parent.uuid)}` : null,
        name: toSearchText(resource.name),
        search: toSearchText(name, resource.name, resource.slug, resource.key),
        value: entity.value,
      }
    }
    case 'service-user-entitlement':
    case 'entitlement-nesting':
      return { privileged: isPrivileged(partsOf(entity.id).level) }
    default:
      return { value: entity.value }
  }
}

/** The id of what a level is held on: a level has no `#` in it, a group's slug might. */
export function resourceOf(entitlementId: string): string {
  return entitlementId.slice(0, entitlementId.lastIndexOf('#'))
}

/** The parts of the id of a grant or nesting. */
export function partsOf(id: string): { readonly holder: string; readonly resource: string; readonly level: string } {
  const at = id.indexOf('|')
  const entitlement = id.slice(at + 1)
  const resource = resourceOf(entitlement)
  return { holder: id.slice(0, at), resource, level: entitlement.slice(resource.length + 1) }
}
