import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { connectionQuery } from '../../api/queries.ts'
import { Notice } from '../../ui/badge.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { AppSettings } from './app-settings.tsx'
import { ConnectApp } from './connect-app.tsx'
import { Credentials } from './credentials.tsx'
import { MatchingEvidence } from './matching-evidence.tsx'
import { PauseSection } from './pause-section.tsx'
import { RemoveSection } from './remove-section.tsx'
import { SaveBar } from './save-bar.tsx'
import styles from './settings.module.css'
import { settingsQuery, type TaggedSettings } from './settings-queries.ts'
import { useSettingsForm } from './use-settings-form.ts'
import { UserSettings } from './user-settings.tsx'
import { WebhookSection } from './webhook-section.tsx'

const sections = [
  ['connect-app', 'Connect App'],
  ['credentials', 'Credentials'],
  ['app-settings', 'App Settings'],
  ['user-settings', 'User Settings'],
  ['matching-evidence', 'Matching evidence'],
  ['webhook', 'Webhook'],
  ['pause', 'Pause'],
  ['remove', 'Remove'],
] as const
type SectionId = (typeof sections)[number][0]
const titles = new Map<SectionId, string>(sections)

/** How a connection is set up, in the order in which it was connected; each change says what it does before it is saved. */
export function SettingsPage() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/settings' })
  const query = useQuery(settingsQuery(connectionId))
  return (
    <QueryView
      query={query}
      skeletonLines={12}
      onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
    >
      {(tagged) => <SettingsOf key={connectionId} connectionId={connectionId} tagged={tagged} />}
    </QueryView>
  )
}

function SettingsOf({ connectionId, tagged }: { readonly connectionId: string; readonly tagged: TaggedSettings }) {
  const mayChange = useMay('connections:write')
  const form = useSettingsForm(connectionId, tagged, !mayChange)
  const { data: connection } = useQuery(connectionQuery(connectionId))
  return (
    <div className={styles.page}>
      <nav aria-label="Parts of the settings" className={styles.contents}>
        {sections.map(([id, title]) => (
          <Link key={id} to="/connections/$connectionId/settings" params={{ connectionId }} hash={id}>
            {title}
          </Link>
        ))}
      </nav>
      <div className={styles.sections}>
        {!mayChange && (
          <Notice tone="info">
            <p>
              You may look at the settings, not change them: your key lacks the permission{' '}
              <code>connections:write</code>.
            </p>
          </Notice>
        )}
        <Section id="connect-app">
          <ConnectApp form={form} />
        </Section>
        <Section id="credentials">
          <Credentials connectionId={connectionId} settings={form.settings} mayChange={mayChange} />
        </Section>
        <Section id="app-settings">
          <AppSettings connectionId={connectionId} form={form} />
        </Section>
        <Section id="user-settings">
          <UserSettings form={form} />
        </Section>
        <Section id="matching-evidence">
          <MatchingEvidence connectionId={connectionId} form={form} mayChange={mayChange} />
        </Section>
        <Section id="webhook">
          <WebhookSection connectionId={connectionId} mayChange={mayChange} />
        </Section>
        <Section id="pause">{connection && <PauseSection connection={connection} mayChange={mayChange} />}</Section>
        <Section id="remove">
          <RemoveSection connectionId={connectionId} settings={form.settings} mayChange={mayChange} />
        </Section>
        <SaveBar form={form} />
      </div>
    </div>
  )
}

function Section({ id, children }: { readonly id: SectionId; readonly children: ReactNode }) {
  return (
    <div id={id} className={styles.section}>
      <Panel title={titles.get(id)}>{children}</Panel>
    </div>
  )
}
