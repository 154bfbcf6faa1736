import { hash } from 'node:crypto'
import { z } from 'zod'
import { type Connection, type CredentialRef, NewCredential } from '../contract/connections.ts'
import { parseSecret, Secret } from '../runtime/secret.ts'
import type { Budget } from './budget.ts'
import { type Room, readRoom } from './estimate.ts'
import type { Vault } from './vault.ts'

/** What a credential is known by: the key of a consumer; of a token, whose owner's address is nobody's business, a hash. */
export function toCredentialRef(credential: NewCredential): CredentialRef {
  if (credential.kind === 'oauth-consumer') return { kind: credential.kind, key: credential.key }
  const key = hash('sha256', `atlassian account ${credential.email.toLowerCase()}`, 'hex').slice(0, 16)
  return { kind: credential.kind, key }
}

/** All credentials of a connection, the first one first. */
export function credentialsOf({ credential, moreCredentials = [] }: Connection): readonly CredentialRef[] {
  return [credential, ...moreCredentials]
}

/** The room of all credentials of a connection together. */
export async function readRoomOf(
  connection: Connection,
  budgetOf: (credential: CredentialRef) => Budget,
): Promise<Room> {
  const rooms = await Promise.all(credentialsOf(connection).map((credential) => readRoom(budgetOf(credential))))
  const sum = (value: (room: Room) => number) => rooms.reduce((total, room) => total + value(room), 0)
  return {
    perHour: sum(({ perHour }) => perHour),
    free: sum(({ free }) => free),
    perSecond: sum(({ perSecond }) => perSecond),
  }
}

const StoredCredentials = z.array(NewCredential).min(1)

/** Encrypts all credentials of a connection as one. */
export function sealCredentials(vault: Vault, connectionId: string, credentials: readonly NewCredential[]): string {
  return vault.seal(connectionId, new Secret(JSON.stringify(credentials)))
}

/** What the client of Bitbucket takes; each is known by its reference's key. @throws ConfigError for another master key */
export function openCredentials(vault: Vault, connectionId: string, sealed: string) {
  return parseSecret(StoredCredentials, vault.open(connectionId, sealed)).map(toClientCredential)
}

/** A credential as the client of Bitbucket takes it. */
export function toClientCredential(credential: NewCredential) {
  const { key: id } = toCredentialRef(credential)
  return credential.kind === 'oauth-consumer'
    ? { kind: credential.kind, id, key: credential.key, secret: new Secret(credential.secret) }
    : { kind: credential.kind, id, email: credential.email, token: new Secret(credential.token) }
}
