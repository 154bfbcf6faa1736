import type { z } from 'zod'

/** Takes away what a JSON Schema says that is no part of the contract; for `override` of `z.toJSONSchema`. */
export function leaveOutNoise(schema: z.core.JSONSchema.BaseSchema): void {
  // The format says it; the expression for it is long and read by nobody.
  if (schema.format === 'date-time' || schema.format === 'date') delete schema.pattern
  // Where JavaScript stops to count.
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
}
