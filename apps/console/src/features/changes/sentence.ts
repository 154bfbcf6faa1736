/** A piece of a sentence: words, the name of somebody or something, or an instant. */
export type Part = string | { readonly name: string } | { readonly at: string }
export type Text = readonly Part[]

/** What an event does: somebody gets or loses something, or it needs a look; it is shown by a sign beside the words. */
export type Tone = 'gain' | 'loss' | 'attention' | 'neutral'

export interface Sentence {
  readonly text: Text
  /** What else the event says, each in a sentence of its own. */
  readonly details: readonly Text[]
  readonly tone: Tone
}

/** The name of a service user, resource or group by its id; null: not known. */
export type Names = (id: string) => string | null

/** Puts a sentence together; the pieces that are empty vanish. */
export function say(words: TemplateStringsArray, ...parts: readonly (Part | Text | number)[]): Text {
  return words.flatMap((word, index) => {
    const part = parts[index]
    const after = part === undefined ? [] : typeof part === 'number' ? [String(part)] : isText(part) ? part : [part]
    return [word, ...after].filter((piece) => piece !== '')
  })
}

/** The sentence as plain words, instants in UTC. */
export function toPlain(text: Text): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part
      return 'name' in part ? part.name : part.at
    })
    .join('')
}

function isText(part: Part | Text): part is Text {
  return Array.isArray(part)
}
