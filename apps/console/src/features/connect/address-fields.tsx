import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { describeAddresses, describeMistakes } from '../../api/address-list.ts'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useWizard } from './wizard.ts'

/** More than any list of people; a larger file is another one. */
const fileBytesMax = 20 * 1024 * 1024

/** Candidate addresses, pasted or from a file; they stay in the memory of this page until they are sent. */
export function AddressFields() {
  const { addressText, setAddressText, addresses: list } = useWizard()
  const [isTooLarge, setTooLarge] = useState(false)
  const mistakes = describeMistakes(list)
  const read = async (files: FileList | null) => {
    const file = files?.[0]
    if (file === undefined) return
    setTooLarge(file.size > fileBytesMax)
    if (file.size <= fileBytesMax) setAddressText(await file.text())
  }
  return (
    <div className="stack">
      <TextField
        label="Candidate addresses"
        name="addresses"
        isRequired={false}
        rows={4}
        isCode
        autoComplete="off"
        description="One a line, or a table with a column of them. They are sent after Save, for only then is there something to send them to; leaving the page forgets them. More can be given later, in the settings."
        value={addressText}
        onChange={setAddressText}
        error={isTooLarge && 'This file is larger than 20 MB. Give one with the addresses alone.'}
      />
      <div className="row">
        <FileTrigger
          acceptedFileTypes={['.csv', '.txt', 'text/csv', 'text/plain']}
          onSelect={(files) => void read(files)}
        >
          <Button size="small">Read a file (CSV or text)</Button>
        </FileTrigger>
        {addressText !== '' && (
          <Button size="small" look="quiet" onPress={() => setAddressText('')}>
            Remove all
          </Button>
        )}
      </div>
      <p role="status">{list.addresses.length > 0 && describeAddresses(list)}</p>
      {mistakes.length > 0 && (
        <Notice tone="warn">
          <ul>
            {mistakes.map((mistake) => (
              <li key={mistake}>{mistake}</li>
            ))}
          </ul>
          <p>{list.addresses.length === 0 ? 'There is none to send.' : 'These rows are left out.'}</p>
        </Notice>
      )}
    </div>
  )
}
