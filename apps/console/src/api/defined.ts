/** The same type without what is undefined: an absent property is told from one that is there and undefined. */
export type Defined<Props> = { [Key in keyof Props]: Exclude<Props[Key], undefined> }

/** Without the properties that are undefined. */
export function definedOnly<Props extends object>(props: Props): Defined<Props> {
  const entries = Object.entries(props).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Defined<Props>
}
