import { useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-field.module.css'
import { TextField } from './field.tsx'

/** A text to be carried elsewhere, such as a secret that is shown this once, with a button that copies it. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const [said, say] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      say('Copied')
    } catch {
      // The browser asks for a secure origin, and may refuse there too.
      say('The browser does not allow it: select the text and copy it by hand')
    }
  }
  return (
    <div className={styles.copy}>
      <TextField label={label} value={value} onChange={() => {}} isReadOnly isCode />
      <Button onPress={copy} aria-label={`Copy: ${label}`}>
        Copy
      </Button>
      <span role="status" className={styles.said}>
        {said}
      </span>
    </div>
  )
}
