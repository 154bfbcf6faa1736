import { useEffect, useRef } from 'react'
import { Notice } from '../../ui/badge.tsx'

/** What became of what was done last. It takes the focus, for what was pressed may be gone with it. */
export function Outcome({ text }: { readonly text: string | null }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (text !== null) place.current?.focus()
  }, [text])
  return (
    <div ref={place} role="status" tabIndex={-1} hidden={text === null}>
      {text !== null && (
        <Notice tone="good">
          <p>{text}</p>
        </Notice>
      )}
    </div>
  )
}
