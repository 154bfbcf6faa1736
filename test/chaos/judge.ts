import type { BitbucketControl } from '@clarity/e2e/bitbucket'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { replay } from '@clarity/testkit/oracles/causality'
import { falseRevocations } from '@clarity/testkit/oracles/revocations'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import type { ChaosResult } from './run.ts'
import type { RecordedStream } from './stream.ts'

/** What the four oracles find wrong with a run; nothing anywhere when it went as it must. */
export interface Verdict {
  /** Why a connection had no clean full sync at the end. */
  readonly unclean: readonly unknown[]
  /** (a) Where what the stream has told is not what is in Bitbucket. */
  readonly differences: readonly unknown[]
  /** (b) What was told as gone and was there. */
  readonly falseRevocations: readonly unknown[]
  /** (c) Gaps, and what was told twice. */
  readonly sequence: readonly unknown[]
  /** (d) What was told of something that did not exist. */
  readonly causality: readonly unknown[]
}

export async function judge(
  { connections, unclean }: ChaosResult,
  stream: RecordedStream,
  bitbucket: BitbucketControl,
): Promise<Verdict> {
  const of = <Finding>(find: (connection: (typeof connections)[number]) => readonly Finding[]) =>
    connections.flatMap(find)
  const truths = await Promise.all(connections.map(({ workspace }) => bitbucket.truth(workspace.slug)))
  return {
    unclean,
    differences: connections.flatMap(({ connectionId }, index) => {
      const truth = truths[index]
      if (truth === undefined) return [`no truth of ${connectionId}`]
      return differences(expectedFacts(truth), observedFacts(replay(stream.of(connectionId)).state))
    }),
    falseRevocations: of(({ connectionId, workspace, windowOf }) =>
      falseRevocations(stream.of(connectionId), workspace.history, windowOf),
    ),
    sequence: [...stream.problems, ...sequenceViolations(stream.records)],
    causality: of(({ connectionId }) => replay(stream.of(connectionId)).violations),
  }
}

/** Of a run in which nothing went wrong. */
export const nothingWrong: Verdict = {
  unclean: [],
  differences: [],
  falseRevocations: [],
  sequence: [],
  causality: [],
}
