import { type RefObject, useEffect, useRef } from 'react'

/** Takes whoever asked to the result, for the button that was pressed is gone when the result is there. */
export function useResultFocus(isThere: boolean): {
  readonly result: RefObject<HTMLDivElement | null>
  readonly onAsk: () => void
} {
  const result = useRef<HTMLDivElement>(null)
  const isAsked = useRef(false)
  useEffect(() => {
    if (!isThere || !isAsked.current) return
    isAsked.current = false
    result.current?.focus()
  }, [isThere])
  return {
    result,
    onAsk: () => {
      isAsked.current = true
    },
  }
}
