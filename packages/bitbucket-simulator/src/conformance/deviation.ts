/** What the simulator answered: the route as Bitbucket writes it, with its `/2.0`, and the body as it was sent. */
export interface Answer {
  readonly method: string
  readonly route: string
  readonly status: number
  /** The header, with its parameters; null for none. */
  readonly contentType: string | null
  readonly body: string
  /** The request asked for some fields only: what the description requires is not owed. */
  readonly partial?: boolean
}

/** One place where a body, or the answer as a whole, is not as the description says. */
export interface Finding {
  /** JSON pointer into the body; a property that lacks, or is too many, is named itself. Empty for the whole answer. */
  readonly pointer: string
  /**
   * The keyword of JSON Schema that fails, or one of this checker's own: `undescribed` (a property no schema has),
   * `discriminator` (a type that is none of those allowed here), `status`, `content-type`, `body`, `json`.
   */
  readonly keyword: string
  readonly message: string
  /** Of a wrong type the type that is there, as `null`; of a discriminator its value. */
  readonly found?: string
}

export interface Deviation extends Finding {
  readonly method: string
  readonly route: string
  readonly status: number
  /** The id of the known deviation that explains it; null for none. */
  readonly knownAs: string | null
}

/** A JSON pointer one step longer. */
export function pointTo(pointer: string, property: string): string {
  return `${pointer}/${/[~/]/.test(property) ? property.replaceAll('~', '~0').replaceAll('/', '~1') : property}`
}
