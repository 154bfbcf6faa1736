const redacted = '[redacted]'
/** The longest stack is a tenth of it; what is longer has somebody's data in it, and would take long to look through. */
const textLengthMax = 32_768

/** How others' software quotes what it was given, or what it talks to; what stands for it. */
const quotes: readonly (readonly [RegExp, string])[] = [
  // V8's parser of JSON quotes up to twenty characters around the place, or all of a short text.
  [/Unexpected token [\s\S]*? is not valid JSON/g, 'Unexpected token: it is not valid JSON'],
  [/"[^"]*" is not valid JSON/g, 'It is not valid JSON'],
  // Redis, of a command that it does not know: HELLO, with the password in it, where it is old or a proxy.
  [/, with args beginning with: .*/g, ', with arguments'],
  // The login in a URL. It may have any character but a slash, which must be encoded there.
  [/(?<=\/\/)[^\s/]+@/g, `${redacted}@`],
  [/\b(Bearer|Basic) [\w+/=.~-]+/g, `$1 ${redacted}`],
  // The session of a browser, as its cookie and as the link that begins it.
  [/(clarity-session=|#token=)[^\s;,"'<>]+/g, `$1${redacted}`],
  // An address, also as it stands in a query. The versions in paths of packages have no letters at their end.
  [/[^\s"'<>()[\]{},;:=/\\]{1,128}(?:@|%40)(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/g, redacted],
]

/**
 * A text that others wrote, such as an error of a driver or of a parser, without what it quotes: secrets, addresses, pieces
 * of bodies. It is the second line behind the rule that nothing of the kind is given to an error.
 */
export function redactText(text: string): string {
  return quotes.reduce((rest, [pattern, by]) => rest.replace(pattern, by), text.slice(0, textLengthMax))
}
