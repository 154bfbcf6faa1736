import 'react'

declare module 'react' {
  interface CSSProperties {
    /** Custom properties, by which a component hands figures to its style sheet. */
    [property: `--${string}`]: string | number | undefined
  }
}
