/** A name as it is sorted by and searched in: without case and without the marks on letters, in the order of bytes. */
export function toSearchText(...names: readonly (string | undefined)[]): string {
  return names
    .filter((name) => name !== undefined && name !== '')
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase()
    .trim()
}
