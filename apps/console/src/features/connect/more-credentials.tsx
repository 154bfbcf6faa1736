import { useEffect, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/field.tsx'
import styles from './connect.module.css'
import type { DraftCredential } from './draft.ts'
import { tokenScopes } from './permissions.ts'
import { useWizard } from './wizard.ts'
import { WizardField } from './wizard-field.tsx'

const credentialsMax = 4
const kinds = [
  { value: 'oauth-consumer', label: 'OAuth consumer', description: 'Made like the first one, in the same workspace.' },
  {
    value: 'api-token',
    label: "Administrator's API token",
    description: `Also reads what Bitbucket does not show to consumers. Scopes: ${tokenScopes.join(', ')}.`,
  },
]

/** Credentials beside the first one, each with requests of its own. */
export function MoreCredentials() {
  const { draft, change, secrets, changeSecrets } = useWizard()
  const { moreCredentials } = draft
  const box = useRef<HTMLFieldSetElement>(null)
  const before = useRef(moreCredentials.length)
  useEffect(() => {
    // To the first field of what was added; to where one can be added when the one in focus is gone.
    const isMore = moreCredentials.length > before.current
    if (moreCredentials.length === before.current) return
    before.current = moreCredentials.length
    const added = document.getElementsByName(`moreCredentials.${moreCredentials.length - 1}.key`)[0]
    const target = isMore ? added : box.current?.querySelector<HTMLElement>('[data-add]')
    target?.focus()
  }, [moreCredentials.length])
  const set = (place: number, changed: Partial<DraftCredential>) =>
    change({ moreCredentials: moreCredentials.map((one, at) => (at === place ? { ...one, ...changed } : one)) })
  const setSecret = (place: number, secret: string) =>
    changeSecrets({ more: moreCredentials.map((_, at) => (at === place ? secret : (secrets.more[at] ?? ''))) })
  const remove = (place: number) => {
    change({ moreCredentials: moreCredentials.filter((_, at) => at !== place) })
    changeSecrets({ more: secrets.more.filter((_, at) => at !== place) })
  }
  return (
    <fieldset ref={box} className={styles.group}>
      <legend>More credentials (optional)</legend>
      <p className="small muted">
        Bitbucket allows each consumer or person 1,000 requests an hour. Each credential more adds its own thousand, so
        a first sync takes half the time with two.
      </p>
      {moreCredentials.map(({ kind, key }, place) => (
        <fieldset key={place} className={styles.nested}>
          <legend className="visually-hidden">Credential {place + 2}</legend>
          <Choice
            label={`Kind of credential ${place + 2}`}
            value={kind}
            onChange={(chosen) => set(place, { kind: chosen === 'api-token' ? 'api-token' : 'oauth-consumer' })}
            options={kinds}
          />
          <WizardField
            name={`moreCredentials.${place}.key`}
            label={kind === 'api-token' ? 'E-mail of the Atlassian account' : 'Key'}
            isCode
            value={key}
            onChange={(typed) => set(place, { key: typed })}
          />
          <WizardField
            name={`moreCredentials.${place}.secret`}
            label={kind === 'api-token' ? 'Token' : 'Secret'}
            type="password"
            isCode
            autoComplete="new-password"
            value={secrets.more[place] ?? ''}
            onChange={(secret) => setSecret(place, secret)}
          />
          <div>
            <Button size="small" onPress={() => remove(place)}>
              Remove credential {place + 2}
            </Button>
          </div>
        </fieldset>
      ))}
      {moreCredentials.length < credentialsMax && (
        <div>
          <Button
            size="small"
            data-add
            onPress={() => change({ moreCredentials: [...moreCredentials, { kind: 'oauth-consumer', key: '' }] })}
          >
            Add a credential
          </Button>
        </div>
      )}
    </fieldset>
  )
}
