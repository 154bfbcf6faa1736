import { ArrowDownRight, ArrowUpRight, CircleDot, TriangleAlert } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import { Time } from '../../ui/time.tsx'
import type { Text, Tone } from './sentence.ts'
import styles from './sentence-view.module.css'

const icons = { gain: ArrowUpRight, loss: ArrowDownRight, attention: TriangleAlert, neutral: CircleDot } as const

/** A sentence with its names set off and its instants in the reader's zone. */
export function SentenceText({ text }: { readonly text: Text }) {
  return text.map((part, index) => {
    if (typeof part === 'string') return part
    // The pieces of a sentence keep their places.
    const key = `${index}`
    return 'name' in part ? (
      <strong key={key} className={styles.name}>
        {part.name}
      </strong>
    ) : (
      <Time key={key} at={part.at} />
    )
  })
}

/** The sign of what an event does; the words beside it say the same. */
export function ToneIcon({ tone }: { readonly tone: Tone }) {
  const Icon = icons[tone]
  return (
    <span className={classes(styles.icon, styles[tone])} aria-hidden="true">
      <Icon size={16} />
    </span>
  )
}
