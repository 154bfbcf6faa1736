import { Notice } from '../../ui/badge.tsx'
import { Choice } from '../../ui/field.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import styles from './connect.module.css'
import { ConsumerGuide } from './consumer-guide.tsx'
import { MoreCredentials } from './more-credentials.tsx'
import { identifierOf } from './request.ts'
import { StepFrame } from './step-frame.tsx'
import { useWizard } from './wizard.ts'
import { WizardField } from './wizard-field.tsx'

const accessWays = [
  { value: 'api', label: 'API' },
  {
    value: 'clarity-connect',
    label: 'Clarity Connect',
    disabledBecause: 'For applications within your network; Bitbucket Cloud is reached by its API.',
  },
  { value: 'manual', label: 'Manual', disabledBecause: 'For applications without an API; Bitbucket Cloud has one.' },
]

export function ConnectAppStep() {
  const { draft, change, secrets, changeSecrets, validation } = useWizard()
  const isBack = draft.key !== '' && secrets.secret === ''
  return (
    <StepFrame
      step="connect-app"
      description="Make a consumer in Bitbucket, then name the application here and give its key and secret."
      // What Bitbucket says is there when the next steps want to show figures.
      onContinue={() => void (validation.isTried || validation.run())}
    >
      {isBack && <Notice tone="info">Your entries are kept, but not the secret: enter it again to go on.</Notice>}
      <div className={styles.beside}>
        <ConsumerGuide />
        <Panel title="Here">
          <div className="stack">
            <Facts items={[['Application', 'Bitbucket Cloud']]} />
            <WizardField
              name="name"
              label="Name"
              description="What people call it; each application has a name of its own."
              placeholder="Bitbucket Acme"
              value={draft.name}
              onChange={(name) => change({ name })}
            />
            <WizardField
              name="workspace"
              label="Workspace"
              description="Its name in addresses, its UUID, or the address of any of its pages."
              placeholder="acme or https://bitbucket.org/acme"
              value={draft.workspace}
              onChange={(workspace) =>
                change({ workspace, ...(draft.uniqueIdentifier === '' && { uniqueIdentifier: null }) })
              }
            />
            <WizardField
              name="uniqueIdentifier"
              label="Unique identifier"
              description="Names it in everything that is told. It cannot be changed after Save, and is never used twice."
              isCode
              value={identifierOf(draft)}
              onChange={(uniqueIdentifier) => change({ uniqueIdentifier })}
            />
            <Choice label="Access via" value="api" onChange={() => undefined} options={accessWays} />
            <WizardField
              name="key"
              label="API key"
              description="The key of the consumer."
              isCode
              value={draft.key}
              onChange={(key) => change({ key })}
            />
            <WizardField
              name="secret"
              label="API secret"
              type="password"
              description="Stored encrypted, and never shown again. It is not kept when you leave the page."
              isCode
              autoComplete="new-password"
              value={secrets.secret}
              onChange={(secret) => changeSecrets({ secret })}
            />
            <MoreCredentials />
          </div>
        </Panel>
      </div>
    </StepFrame>
  )
}
