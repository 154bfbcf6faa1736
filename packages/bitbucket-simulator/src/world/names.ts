import { createHash } from 'node:crypto'

/** A uuid in braces that depends on nothing but `parts`. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}}`
}

/** A whole number that depends on nothing but `parts`, as seed for a generator. */
export function seedOf(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\n')).digest().readUInt32BE()
}

/** A string of letters and digits that depends on nothing but `parts`; at most 86 characters. */
export function tokenOf(length: number, ...parts: readonly (string | number)[]): string {
  const text = createHash('sha512').update(parts.join('\n')).digest('base64url')
  return text.replaceAll(/[_-]/g, 'x').slice(0, length)
}

/** The slug that Bitbucket makes of a name; empty when the name has nothing to make it of. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 62)
}

/** An instant as Bitbucket writes it: microseconds and a numeric offset. */
export function instantOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000+00:00')
}

/** The first proposal that is not taken; numbers the last one when proposals keep colliding. */
export function unusedName(propose: () => string, isTaken: (name: string) => boolean): string {
  for (let attempt = 0; attempt < 20; attempt++) {
    const name = propose()
    if (!isTaken(name)) return name
  }
  const stem = propose()
  let number = 2
  while (isTaken(`${stem} ${number}`)) number++
  return `${stem} ${number}`
}

/** A project key made of the name's letters, numbered until it is free. */
export function projectKeyOf(name: string, isTaken: (key: string) => boolean): string {
  const letters = name.toUpperCase().replaceAll(/[^A-Z]/g, '')
  const stem = letters.slice(0, 4) || 'PROJ'
  let key = stem
  for (let number = 2; isTaken(key); number++) key = `${stem}${number}`
  return key
}
