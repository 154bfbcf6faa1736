import { useTitle } from '../../ui/page.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { AccessBar } from './access-bar.tsx'
import { Differences } from './differences.tsx'
import { EntitlementPage } from './entitlement-page.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { EntitlementList, GrantList, NestingList, PeopleList, ResourceList } from './lists.tsx'
import { PersonPage } from './person-page.tsx'
import { ResourcePage } from './resource-page.tsx'
import { Start } from './start.tsx'
import { useAccess } from './use-access.ts'

/** Who can do what, and why: from people, groups, projects, repositories or entitlements, now or at another time. */
export function AccessPage() {
  useTitle('Access')
  if (!useMay('access:read')) return <NoPermission scope="access:read" />
  return (
    <div className="stack">
      <AccessBar />
      <Place />
      <ExplainPanel />
    </div>
  )
}

function Place() {
  const { search } = useAccess()
  const { page, person, resource, entitlement } = search
  switch (page) {
    case 'people':
      return <PeopleList />
    case 'groups':
      return <ResourceList kind="group" />
    case 'projects':
      return <ResourceList kind="project" />
    case 'repositories':
      return <ResourceList kind="repository" />
    case 'entitlements':
      return <EntitlementList />
    case 'grants':
      return <GrantList />
    case 'nestings':
      return <NestingList />
    case 'changes':
      return <Differences />
    case 'person':
      return person === undefined ? <Start /> : <PersonPage person={person} />
    case 'resource':
      return resource === undefined ? <Start /> : <ResourcePage resource={resource} />
    case 'entitlement':
      return entitlement === undefined ? <Start /> : <EntitlementPage entitlement={entitlement} />
    default:
      return <Start />
  }
}
