/** What the address of the audit log says: what is shown of it. */
export interface AuditSearch {
  readonly action?: string
  readonly actorId?: string
}

export function readAuditSearch({ action, actorId }: Record<string, unknown>): AuditSearch {
  return {
    ...(typeof action === 'string' && action !== '' && { action }),
    ...(typeof actorId === 'string' && actorId !== '' && { actorId }),
  }
}
