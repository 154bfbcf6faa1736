/** Where an embedded object keeps the fields that it shows only to those who ask for them; no JSON shows a symbol. */
export const onRequest = Symbol('fields on request')

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
  readonly [onRequest]?: JsonObject
}

/** An object as Bitbucket embeds it: `shown` always, `more` by `fields=+...` or by a wildcard. */
export function condensed(shown: JsonObject, more: JsonObject): JsonObject {
  return { ...shown, [onRequest]: more }
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}
