import type { Sample, SampledPermissions } from '@clarity/bitbucket'
import { bareUuid, groupMembershipId, type ResourceId, serviceUserId } from '@clarity/shared/contract/ids'
import { type PreflightPreview, previewRowsMax } from '@clarity/shared/contract/preflight-preview'
import { type ConnectionSettings, settingsOf } from '@clarity/shared/contract/settings'

type Grant = PreflightPreview['grants'][number]

/** The first facts of a sample as a sync with those settings would publish them. */
export function toPreview(sample: Sample, settings: ConnectionSettings): PreflightPreview {
  const isNamed = settingsOf(settings).attributes.includes('displayName')
  const toUser = ({
    uuid,
    display_name: name,
  }: {
    readonly uuid: string
    readonly display_name?: string | undefined
  }) => ({
    id: serviceUserId(uuid),
    displayName: (isNamed && name) || null,
  })
  const grantsOf = ({ resource: { kind, uuid, name }, users, groups }: SampledPermissions): Grant[][] => {
    const resource = { kind, id: resourceId(kind, uuid), name }
    return [
      users.map(({ user, permission }) => ({
        holder: { kind: 'service-user', ...toUser(user) },
        level: permission,
        resource,
      })),
      groups.map(({ group: { slug, name: called }, permission }) => ({
        holder: { kind: 'group', id: groupMembershipId(slug), name: called },
        level: permission,
        resource,
      })),
    ]
  }
  const first = <Row>(rows: readonly Row[]) => rows.slice(0, previewRowsMax)
  return {
    serviceUsers: first(sample.members).map(({ user, permission: role }) => ({ ...toUser(user), role })),
    groups: first(sample.groups).map(({ slug, name, members }) => ({
      id: groupMembershipId(slug),
      name,
      members: members.length,
    })),
    projects: first(sample.projects).map(({ uuid, key, name }) => ({ id: resourceId('project', uuid), key, name })),
    repositories: first(sample.repositories).map(({ uuid, slug, name, project }) => ({
      id: resourceId('repository', uuid),
      slug,
      name,
      projectKey: project?.key ?? null,
    })),
    grants: first(inTurn(sample.permissions.flatMap(grantsOf)).filter(({ level }) => level !== 'none')),
  }
}

/** The first of each list, then the second of each: one long list hides no other. */
function inTurn<Row>(lists: readonly (readonly Row[])[]): Row[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1))).flat()
}

function resourceId(kind: 'project' | 'repository', uuid: string): ResourceId {
  return `${kind}:${bareUuid(uuid)}`
}
