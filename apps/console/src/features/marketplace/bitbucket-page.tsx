import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery } from '../../api/queries.ts'
import { Badge, Notice } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useMay } from '../session/session.ts'
import { capabilities, refused } from './capabilities.ts'
import styles from './marketplace.module.css'

/** What the integration with Bitbucket Cloud reads, what it can do, and what it asks for and why. */
export function BitbucketPage() {
  const mayConnect = useMay('connections:write')
  return (
    <>
      <PageHeader
        title="Bitbucket Cloud"
        description="Who may do what in a Bitbucket workspace, and why; every change of it as an event. Connecting takes about 5 minutes."
        actions={
          mayConnect && (
            <Link to="/connect" className={buttonClass('primary')}>
              Connect
            </Link>
          )
        }
      />
      <div className="stack">
        {!mayConnect && (
          <Notice tone="info">
            Your key lacks the permission <code>connections:write</code>, so you can look but not connect.
          </Notice>
        )}
        <Connected />
        <div className="columns">
          <Panel title="What is read">
            <ul>
              <li>People, their roles in the workspace, and when they were last there</li>
              <li>Groups and who is in them</li>
              <li>Projects and repositories: their names, not what is in them</li>
              <li>Permissions of people and groups on each project and repository</li>
              <li>Whether an e-mail address that you give belongs to an account</li>
            </ul>
          </Panel>
          <Panel title="What is never read">
            <ul className={styles.list}>
              <li>Code, commits and branches</li>
              <li>Pull requests, issues and comments</li>
              <li>Pipelines and their variables</li>
            </ul>
            <p className="muted">And nothing is ever written to Bitbucket.</p>
          </Panel>
        </div>
        <Panel title="What it can do">
          <Capabilities />
        </Panel>
        <Panel title="Why a read-only integration asks for Admin permissions">
          <div className="stack-small">
            <p>
              Bitbucket shows who may use a project or a repository only to whoever administers it. Its permission lists
              demand the scopes <code>project:admin</code> and <code>repository:admin</code>; the scopes to read give
              the names of projects and repositories, but not who may use them.
            </p>
            <p>
              So these two are asked for, used to read those lists, and for nothing else. The consumer could not change
              permissions if it wanted to: {refused} Permissions to write, such as <em>Repositories: Write</em>, are not
              needed, and the validation warns when a consumer has them.
            </p>
          </div>
        </Panel>
        <Panel title="What you need">
          <ul>
            <li>To administer the workspace in Bitbucket, to make an OAuth consumer in it</li>
            <li>
              Five permissions for the consumer: Account: Read, Projects: Read and Admin, Repositories: Read and Admin.
              Admin does not include Read
            </li>
            <li>
              Patience with large workspaces: Bitbucket allows a consumer 1,000 requests an hour, two for each
              repository
            </li>
          </ul>
        </Panel>
      </div>
    </>
  )
}

function Capabilities() {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Capability</th>
          <th scope="col">Can it?</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {capabilities.map(({ what, can, why }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>
              <Badge tone={can ? 'good' : 'neutral'}>{can ? 'Yes' : 'No'}</Badge>
            </td>
            <td>{why === 'refused' ? refused : why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Connected() {
  const { data = [] } = useQuery(connectionsQuery)
  if (data.length === 0) return null
  return (
    <Panel title="Connected already">
      <ul>
        {data.map(({ id, name, workspace }) => (
          <li key={id}>
            <Link to="/connections/$connectionId" params={{ connectionId: id }}>
              {name}
            </Link>{' '}
            <span className="muted">· workspace {workspace.name}</span>
          </li>
        ))}
      </ul>
      <p className="muted">Another connection needs another workspace and another identifier.</p>
    </Panel>
  )
}
