import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { attributeLabels } from '../../api/attribute-labels.ts'
import { Facts, Panel } from '../../ui/panel.tsx'
import { countOf } from '../../ui/time.tsx'
import { identifierOf, splitList } from './request.ts'
import { nameSchedule } from './schedule-names.ts'
import { type StepId, steps } from './steps.ts'
import { useWizard } from './wizard.ts'
import { parseWorkspace } from './workspace-reference.ts'

const nothing = <span className="muted">not given</span>

/** All choices by step, each step with a way back to it. */
export function ReviewFacts() {
  const { draft, secrets, addresses } = useWizard()
  const [projects, repositories, owners] = [draft.projects, draft.repositories, draft.appOwners].map(splitList)
  const isAllAttributes = draft.attributes.length === Object.keys(attributeLabels).length
  return (
    <>
      <Part
        step="connect-app"
        items={[
          ['Application', 'Bitbucket Cloud'],
          ['Name', draft.name.trim() || nothing],
          ['Unique identifier', <code key="id">{identifierOf(draft)}</code>],
          ['Access via', 'API'],
          ['Workspace', parseWorkspace(draft.workspace) ?? (draft.workspace.trim() || nothing)],
          ['API key', draft.key.trim() === '' ? nothing : <code key="key">{draft.key.trim()}</code>],
          ['API secret', secrets.secret === '' ? nothing : 'given, not shown'],
          [
            'More credentials',
            draft.moreCredentials.length === 0 ? 'none' : countOf(draft.moreCredentials.length, 'credential'),
          ],
        ]}
      />
      <Part
        step="app-settings"
        items={[
          ['Sync options', nameSchedule(draft)],
          ['App owners', owners?.length ? owners.join(', ') : 'none; one at least is advisable'],
          ['Trust relationship', 'Downstream'],
          ['Trust permission', 'Read Only'],
          ['Projects', projects?.length ? projects.join(', ') : 'all'],
          ['Repositories', repositories?.length ? repositories.join(', ') : 'all'],
          ['Removal guard', `holds what goes beyond ${draft.removalSharePercent} % and ${draft.removalCount} a day`],
          ['Levels to publish', draft.publishLevels === 'all' ? 'all' : 'those in use'],
        ]}
      />
      <Part
        step="user-settings"
        items={[
          ['Provisioning', 'off'],
          ['E-mail confirmation', draft.confirmEmails ? 'on' : 'off'],
          [
            'Candidate addresses',
            draft.confirmEmails && addresses.addresses.length > 0
              ? `${countOf(addresses.addresses.length, 'address', 'addresses')}, sent after Save`
              : 'none',
          ],
          [
            'Attributes',
            isAllAttributes
              ? 'all'
              : draft.attributes.map((name) => attributeLabels[name]).join(', ') || 'none beside the ids',
          ],
        ]}
      />
    </>
  )
}

function Part({ step, items }: { readonly step: StepId; readonly items: readonly (readonly [string, ReactNode])[] }) {
  const title = steps.find(({ id }) => id === step)?.title ?? ''
  return (
    <Panel
      title={title}
      actions={
        <Link to="/connect" search={{ step }} aria-label={`Edit ${title}`}>
          Edit
        </Link>
      }
    >
      <Facts items={items} />
    </Panel>
  )
}
