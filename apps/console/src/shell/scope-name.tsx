import { useQuery } from '@tanstack/react-query'
import { resourceNameQuery, userNameQuery } from '../api/insight.ts'
import { scopeKindNames, scopeParts } from '../api/scopes.ts'
import { useMay } from '../features/session/session.ts'

/** A scope such as `repository/<uuid>` as people know it; its id stays at hand. */
export function ScopeName({ connectionId, scope }: { readonly connectionId: string; readonly scope: string }) {
  const { kind, resource } = scopeParts(scope)
  if (resource === null) return <span title={scope}>{scopeKindNames[kind]}</span>
  return (
    <span title={scope}>
      {kind === 'project' ? 'Project ' : 'Repository '}
      <ResourceName connectionId={connectionId} resource={resource} />
    </span>
  )
}

/** The name of a project, repository or group by its id; the end of the id until that is known. */
export function ResourceName({ connectionId, resource }: { readonly connectionId: string; readonly resource: string }) {
  const isAsked = useMay('access:read') && resource !== 'workspace'
  const { data: name } = useQuery({ ...resourceNameQuery(connectionId, resource), enabled: isAsked })
  if (resource === 'workspace') return 'the workspace'
  if (resource.startsWith('group:')) return name ?? resource.slice('group:'.length)
  return name ?? <code>{shortId(resource)}</code>
}

/** The name of a service user, or of the group whose membership it is. */
export function HolderName({ connectionId, holder }: { readonly connectionId: string; readonly holder: string }) {
  const isGroup = holder.startsWith('group:')
  const isAsked = useMay('access:read') && !isGroup
  const { data: name } = useQuery({ ...userNameQuery(connectionId, holder), enabled: isAsked })
  if (isGroup) {
    return (
      <>
        group <ResourceName connectionId={connectionId} resource={holder.replace(/#member$/, '')} />
      </>
    )
  }
  return name ?? <code>{shortId(holder)}</code>
}

function shortId(id: string): string {
  const [, uuid = id] = id.split(':')
  return uuid.slice(0, 8)
}
