import { describeAccess } from './access-sentences.ts'
import { namesTold } from './entity-names.ts'
import { describeLifecycle } from './lifecycle-sentences.ts'
import { readEvent, type TellingEvent } from './read-event.ts'
import { type Names, type Sentence, say } from './sentence.ts'

/**
 * What an event says, for people. It says what the event says and no more; `names` has those that the event does not tell
 * itself. An event that is newer than this page is named, never left out.
 */
export function describeEvent(told: TellingEvent, names: Names): Sentence {
  const event = readEvent(told)
  if (event === null) return unknown(told)
  const own = namesTold(event)
  const all: Names = (id) => own.get(id) ?? names(id)
  return describeAccess(event, all) ?? describeLifecycle(event, all) ?? unknown(told)
}

function unknown({ name }: TellingEvent): Sentence {
  return {
    tone: 'attention',
    text: say`Something that this page has no words for: ${name}`,
    details: [say`Open it to see all that it says.`],
  }
}
