import { z } from 'zod'

/**
 * Bitbucket lists no address; it only confirms those that it is asked about. So the caller sends the addresses that the
 * people of the workspace may have, and learns which account has which.
 */

export const addressesPerRequestMax = 10_000
/** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
const addressLengthMax = 254
/** One `@`, and nothing that Bitbucket's query language cannot write: no blank, quote, backslash or control character. */
const addressForm = /^[^\s"\\@\p{C}]+@[^\s"\\@\p{C}]+$/u
/** Whoever sent the wrong list learns that from a few. */
const mistakesMax = 20

const normalize = (address: string) => address.trim().toLowerCase()

/** What a caller sends; parsed, the addresses are trimmed, in lower case, and each is there once. */
export const CandidateEmails = z.strictObject({
  addresses: z
    .array(z.string())
    .min(1, 'is empty: give at least one address')
    .max(addressesPerRequestMax, {
      error: `has more than ${addressesPerRequestMax} addresses: send the rest in another request`,
      abort: true,
    })
    .check(({ value, issues }) => {
      const mistakes = value
        .map(mistakeInAddress)
        .flatMap((mistake, index) => (mistake === null ? [] : [{ index, mistake }]))
      for (const { index, mistake } of mistakes.slice(0, mistakesMax)) {
        // Without the address: a problem document may be logged by whoever receives it.
        const message = `the address at index ${index} ${mistake}`
        issues.push({ code: 'custom', path: [index], message, input: undefined, continue: false })
      }
    })
    .overwrite((addresses) => [...new Set(addresses.map(normalize))])
    .describe('E-mail addresses that members of the workspace may have'),
})
export type CandidateEmails = z.infer<typeof CandidateEmails>

/** What became of them. */
export const CandidateEmailsResult = z.object({
  accepted: z.int().describe('New ones; Bitbucket will be asked about them'),
  alreadyKnown: z
    .int()
    .describe('Confirmed, waiting, or asked in vain since the last new member came: Bitbucket is not asked again'),
  waiting: z.int().describe('All that Bitbucket is still to be asked about'),
})
export type CandidateEmailsResult = z.infer<typeof CandidateEmailsResult>

/** What is known of the address of a service user. */
export const EmailEvidence = z
  .enum(['confirmed', 'candidate-not-found', 'not-asked'])
  .describe(
    'confirmed: Bitbucket says that the address is theirs; candidate-not-found: addresses were asked about, and none is ' +
      'theirs; not-asked: no address was asked about since they came',
  )
export type EmailEvidence = z.infer<typeof EmailEvidence>

/** What is wrong with an address, after its subject; null: nothing. */
export function mistakeInAddress(given: string): string | null {
  const address = normalize(given)
  if (address === '') return 'is empty'
  if (address.length > addressLengthMax) return `is longer than ${addressLengthMax} characters`
  return addressForm.test(address) ? null : 'is not an e-mail address: write name@domain and nothing around it'
}
