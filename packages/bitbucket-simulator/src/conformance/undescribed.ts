/**
 * Finds what no schema describes. The description hardly ever closes its objects, so JSON Schema lets any made-up
 * property pass; here each property of a body must be named by one of the schemas that hold for its object: the one
 * referred to, all it builds on, and the member of its family that the object says it is. A property is then held
 * against everything that these say of it.
 */
import type { Components } from './components.ts'
import type { Schema } from './description.ts'
import { type Finding, pointTo } from './deviation.ts'
import { Shape } from './shape.ts'

/** Prepares a schema: the result finds the undescribed properties and types in a body. */
export function createUndescribedCheck(components: Components, { partial }: { readonly partial: boolean }) {
  return (schema: Schema): ((body: unknown) => readonly Finding[]) => {
    const shape = new Shape([schema], components)
    return (body) => {
      const findings: Finding[] = []
      walk(body, shape, '', { partial, findings })
      return findings
    }
  }
}

interface Walk {
  readonly partial: boolean
  readonly findings: Finding[]
}

function walk(value: unknown, shape: Shape, pointer: string, context: Walk): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) walk(item, shape.items, `${pointer}/${at}`, context)
    return
  }
  const narrowed = narrowByType(value, shape, pointer, context)
  for (const [name, each] of Object.entries(value)) {
    const property = narrowed.property(name)
    if (property) walk(each, property, pointTo(pointer, name), context)
    else if (!narrowed.isOpen) {
      const message = 'the description has no such property here'
      context.findings.push({ pointer: pointTo(pointer, name), keyword: 'undescribed', message })
    }
  }
}

function narrowByType(value: object, shape: Shape, pointer: string, { partial, findings }: Walk): Shape {
  const { discriminator } = shape
  if (discriminator === undefined) return shape
  const type: unknown = Object.getOwnPropertyDescriptor(value, discriminator)?.value
  if (typeof type !== 'string') return partial ? shape.any : shape
  const narrowed = shape.narrow(type)
  if (narrowed) return narrowed
  const message = `${JSON.stringify(type)} is no type that the description allows here`
  findings.push({ pointer: pointTo(pointer, discriminator), keyword: 'discriminator', message, found: type })
  return shape
}
