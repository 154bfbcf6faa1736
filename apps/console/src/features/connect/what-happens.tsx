import { Panel } from '../../ui/panel.tsx'
import { countOf } from '../../ui/time.tsx'
import { costSentence } from './estimates.ts'
import { nameSchedule } from './schedule-names.ts'
import { useWizard } from './wizard.ts'

/** What Save does, in its order. */
export function WhatHappens() {
  const { draft, addresses, validation } = useWizard()
  const cost = validation.current && costSentence(validation.current.preflight)
  const isSent = draft.confirmEmails && addresses.addresses.length > 0
  return (
    <Panel title="What happens when you save">
      <ol className="stack-small">
        <li>Key and secret are tried once more and stored encrypted. If Bitbucket refuses them, nothing is saved.</li>
        <li>
          The first full sync starts at once, because you save; your schedule ({nameSchedule(draft)}) applies
          afterwards.
          {cost !== null && ` ${cost}`}
        </li>
        {isSent && (
          <li>
            {countOf(addresses.addresses.length, 'candidate address is', 'candidate addresses are')} sent; Bitbucket is
            asked about them when the members are read next.
          </li>
        )}
        <li>You see the sync live. Closing the page stops nothing.</li>
        <li>Nothing is written to Bitbucket.</li>
      </ol>
    </Panel>
  )
}
