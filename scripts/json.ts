/**
 * The text of a JSON value, as the formatter of this repository writes it: what fits into a line of `width` characters
 * stands on one line. What is undefined is left out.
 */
export function toJson(value: unknown, width = 120): string {
  // What JSON does not have goes first, so that the rest knows plain values alone.
  return `${write(JSON.parse(JSON.stringify(value)), '', 0, width)}\n`
}

/** `before` characters of the line are taken already, `after` ones are needed behind it. */
function write(value: unknown, indent: string, before: number, width: number, after = 0): string {
  const line = onOneLine(value)
  if (typeof value !== 'object' || value === null || before + line.length + after <= width) return line
  const inner = `${indent}  `
  const isArray = Array.isArray(value)
  const entries = isArray ? value.map((each) => ['', each] as const) : toEntries(value)
  const rows = entries.map(([label, each], index) => {
    const comma = index < entries.length - 1 ? 1 : 0
    return `${inner}${label}${write(each, inner, inner.length + label.length, width, comma)}`
  })
  const [open, close] = isArray ? '[]' : '{}'
  return `${open}\n${rows.join(',\n')}\n${indent}${close}`
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = toEntries(value)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([label, each]) => `${label}${onOneLine(each)}`).join(', ')} }`
}

function toEntries(value: object): (readonly [label: string, each: unknown])[] {
  return Object.entries(value).map(([key, each]) => [`${JSON.stringify(key)}: `, each] as const)
}
