import type { Components } from './components.ts'
import type { Response, Schema } from './description.ts'
import type { Finding } from './deviation.ts'
import { createUndescribedCheck } from './undescribed.ts'
import { createCompiler } from './validator.ts'

export type BodyCheck = (body: string) => readonly Finding[]

/** Makes the check of all bodies that a described response may have with this media type. */
export function createBodyChecks(components: Components, options: { readonly partial: boolean }) {
  const compile = createCompiler(components, options)
  const describe = createUndescribedCheck(components, options)

  function createJsonCheck(schema: Schema): BodyCheck {
    const validate = compile(schema)
    const findUndescribed = describe(schema)
    return (text) => {
      const body = parseJson(text)
      if (body === undefined) return [{ pointer: '', keyword: 'json', message: 'the body is no JSON' }]
      const findings = validate(body)
      // Where the description closes an object itself, the validator has said so.
      const refused = new Set(findings.map(({ pointer }) => pointer))
      return [...findings, ...findUndescribed(body).filter(({ pointer }) => !refused.has(pointer))]
    }
  }

  return ({ content = {} }: Response, mediaType: string): BodyCheck => {
    const described = Object.keys(content)
    if (described.length === 0) return checkEmpty
    const schema = content[mediaType]?.schema
    if (!Object.hasOwn(content, mediaType)) {
      const message = `${mediaType || 'no content type'} instead of ${described.join(' or ')}`
      return () => [{ pointer: '', keyword: 'content-type', message }]
    }
    return schema && /[/+]json$/.test(mediaType) ? createJsonCheck(schema) : () => []
  }
}

function checkEmpty(body: string): readonly Finding[] {
  return body === '' ? [] : [{ pointer: '', keyword: 'body', message: 'the description has no body here' }]
}

/** Undefined for what is no JSON; JSON itself has no such value. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
