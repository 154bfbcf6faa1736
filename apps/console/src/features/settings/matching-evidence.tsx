import { useQuery } from '@tanstack/react-query'
import { countsQuery } from '../../api/queries.ts'
import { Checkbox } from '../../ui/field.tsx'
import { Stat, Stats } from '../../ui/panel.tsx'
import { formatCount } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { CandidateAddresses } from './candidate-addresses.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'
import type { SettingsForm } from './use-settings-form.ts'

/** By which addresses accounts are matched with people: Bitbucket lists none, and confirms those that it is asked about. */
export function MatchingEvidence({
  connectionId,
  form,
  mayChange,
}: {
  readonly connectionId: string
  readonly form: SettingsForm
  readonly mayChange: boolean
}) {
  const mayRead = useMay('access:read')
  const { data: counts } = useQuery({ ...countsQuery(connectionId), enabled: mayRead })
  return (
    <div className={styles.settings}>
      <p className="muted">
        Bitbucket lists no e-mail address. It confirms those it is asked about, so send the addresses that your people
        may have: an account with a confirmed address is matched with certainty.
      </p>
      {mayRead && (
        <Stats>
          <Stat label="confirmed">{counts ? formatCount(counts.emailConfirmed) : '–'}</Stat>
          <Stat label="have none of the addresses asked about">{counts ? formatCount(counts.emailNotFound) : '–'}</Stat>
          <Stat label="not asked about yet">
            {counts ? formatCount(counts.serviceUsers - counts.emailConfirmed - counts.emailNotFound) : '–'}
          </Stat>
        </Stats>
      )}
      <Setting form={form} name="confirmEmails">
        <Checkbox
          isSelected={form.draft.confirmEmails}
          isDisabled={form.isDisabled}
          onChange={(isOn) => form.set('confirmEmails', isOn)}
        >
          Ask Bitbucket to confirm candidate addresses
        </Checkbox>
      </Setting>
      {mayChange && (
        <CandidateAddresses connectionId={connectionId} isAsked={form.settings.userSettings.confirmEmails} />
      )}
    </div>
  )
}
