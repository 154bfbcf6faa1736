/** The parts of the id of a grant or nesting, `<holder>|<resource>#<level>`. A level has no `#` in it; the slug of a group may. */
export function holdingParts(id: string): {
  readonly holder: string
  readonly resource: string
  readonly level: string
} {
  const at = id.indexOf('|')
  const entitlement = id.slice(at + 1)
  const levelAt = entitlement.lastIndexOf('#')
  return { holder: id.slice(0, at), resource: entitlement.slice(0, levelAt), level: entitlement.slice(levelAt + 1) }
}
