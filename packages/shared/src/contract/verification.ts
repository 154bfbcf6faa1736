import { z } from 'zod'
import { Instant } from './entities.ts'

/** What a caller sends to be told whether the stream is alive. */
export const StreamVerificationRequest = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, 'is empty: write what you will recognise it by')
    .max(200, 'is longer than 200 characters')
    .describe('It comes with the event; write no personal data'),
})
export type StreamVerificationRequest = z.infer<typeof StreamVerificationRequest>

/** The event that was put into the stream. */
export const StreamVerification = z.object({
  id: z.string().describe('The correlation id of the event'),
  sequence: z.int().describe('Number of the event within its connection'),
  text: z.string(),
  toldAt: Instant,
})
export type StreamVerification = z.infer<typeof StreamVerification>
