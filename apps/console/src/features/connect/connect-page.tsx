import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useLocation, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { PageHeader } from '../../ui/page.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { sessionQuery, useMay } from '../session/session.ts'
import { AppSettingsStep } from './app-settings-step.tsx'
import styles from './connect.module.css'
import { ConnectAppStep } from './connect-app-step.tsx'
import { createDraftStore } from './draft-store.ts'
import { ReviewStep } from './review-step.tsx'
import { StartOver } from './start-over.tsx'
import { StepList } from './step-list.tsx'
import type { StepId } from './steps.ts'
import { UserSettingsStep } from './user-settings-step.tsx'
import { ValidateStep } from './validate-step.tsx'
import { useWizardState, WizardContext } from './wizard.ts'

/** The wizard that connects a workspace of Bitbucket Cloud. */
export function ConnectPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const mayConnect = useMay('connections:write')
  if (session === null) return null
  return mayConnect ? (
    <Wizard key={session.tenant.id} tenantId={session.tenant.id} />
  ) : (
    <NoPermission scope="connections:write" />
  )
}

const views: Readonly<Record<StepId, () => ReactNode>> = {
  'connect-app': ConnectAppStep,
  'app-settings': AppSettingsStep,
  'user-settings': UserSettingsStep,
  validate: ValidateStep,
  review: ReviewStep,
}

function Wizard({ tenantId }: { readonly tenantId: string }) {
  const [store] = useState(() => createDraftStore(localStorage, tenantId))
  const wizard = useWizardState(store)
  const { step = 'connect-app' } = useSearch({ from: '/inside/connect' })
  useFocusOfStep(step)
  const Step = views[step]
  return (
    <WizardContext value={wizard}>
      <PageHeader
        title="Connect Bitbucket Cloud"
        description={
          <>
            About 5 minutes. What you type is kept in this browser, except what is secret.{' '}
            <Link to="/marketplace/bitbucket-cloud">What is read, and what never</Link>
          </>
        }
        actions={<StartOver />}
      />
      <div className={styles.wizard}>
        <StepList current={step} />
        <Step key={step} />
      </div>
    </WizardContext>
  )
}

/** Whoever goes to another step is taken to its heading, or to the field that the address names. */
function useFocusOfStep(step: StepId): void {
  const { hash } = useLocation()
  const before = useRef(step)
  useEffect(() => {
    if (before.current === step) return
    before.current = step
    const field = hash === '' ? null : document.getElementsByName(hash)[0]
    const target = field ?? document.getElementById('step-heading')
    target?.focus()
  }, [step, hash])
}
