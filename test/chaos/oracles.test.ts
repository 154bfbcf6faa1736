import { createSimulator } from '@clarity/bitbucket-simulator'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { replay } from '@clarity/testkit/oracles/causality'
import { nothing, publish } from '@clarity/testkit/oracles/published'
import { falseRevocations, revocationsOf, TruthHistory } from '@clarity/testkit/oracles/revocations'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { expect, test } from 'vitest'
import { readBelieving, type WrongConnector } from './wrong-connector.ts'

/** The oracles must find fault with what a connector publishes that believes all that Bitbucket answers. */
const consumer = { key: 'key', secret: 'secret' }
const acme = { slug: 'acme', users: 35, groups: 6, projects: 4, repositories: 24, seed: 5, consumer }
const configPath = '/2.0/repositories/{workspace}/{repo_slug}/permissions-config'
const membersPath = 'GET /2.0/workspaces/{workspace}/permissions'

interface Planted {
  /** What the connector takes for the truth the second time. */
  readonly break?: (bitbucket: BitbucketControl, resource: string) => Promise<void>
  readonly onPage?: (bitbucket: BitbucketControl, history: TruthHistory) => WrongConnector['onPage']
}

/** Two syncs of the wrong connector, the first on a Bitbucket without a fault; and what the oracles say of them. */
async function judge(planted: Planted) {
  await using simulator = await createSimulator({ workspaces: [acme], limits: { requestsPerHour: null } })
  const bitbucket = new BitbucketControl(simulator.url)
  const history = new TruthHistory()
  const truth = await bitbucket.truth('acme')
  history.note(truth)
  const connector = { url: simulator.url, token: await bitbucket.requestToken(consumer), workspace: truth }
  const first = expectedFacts(await readBelieving(connector))
  const told = publish(nothing, first, { syncId: 'syn_1', firstSequence: 1 })

  const held = truth.repositories.find(({ users, groups }) => users.length > 0 && groups.length > 0)
  await planted.break?.(bitbucket, String(held?.uuid))
  const onPage = planted.onPage?.(bitbucket, history)
  const second = expectedFacts(await readBelieving({ ...connector, ...(onPage && { onPage }) }))
  await bitbucket.heal()
  told.push(...publish(first, second, { syncId: 'syn_2', firstSequence: told.length + 1 }))

  const windows = { syn_1: { from: 0, to: 0 }, syn_2: { from: 0, to: history.latest } }
  const { state, violations } = replay(told)
  return {
    revoked: revocationsOf(told).length,
    a: differences(expectedFacts(await bitbucket.truth('acme')), observedFacts(state)),
    b: falseRevocations(told, history, (syncId) => Object.entries(windows).find(([id]) => id === syncId)?.[1]),
    c: sequenceViolations(told),
    d: violations,
  }
}

test('a stream that tells the truth is accepted', async () => {
  expect(await judge({})).toEqual({ revoked: 0, a: [], b: [], c: [], d: [] })
})

test.each<[string, Planted]>([
  [
    'a dropped page',
    {
      break: (bitbucket) => bitbucket.break({ endpoint: membersPath, page: 2, fault: { type: 'empty', what: 'list' } }),
    },
  ],
  [
    'an empty 200 for one repository',
    {
      break: (bitbucket, resource) =>
        bitbucket.break({ endpoint: `GET ${configPath}/users`, resource, fault: { type: 'empty', what: 'list' } }),
    },
  ],
  [
    'a 404 for one repository',
    {
      break: (bitbucket, resource) =>
        bitbucket.break(
          { endpoint: `GET ${configPath}/users`, resource, fault: { type: 'status', status: 404 } },
          { endpoint: `GET ${configPath}/groups`, resource, fault: { type: 'status', status: 404 } },
        ),
    },
  ],
  ['a page that shifted under the reader, published as complete', { onPage: shiftMembers }],
])('%s is a false revocation and a wrong state', async (_name, planted) => {
  const { revoked, a, b, c, d } = await judge(planted)
  expect(revoked).toBeGreaterThan(0)
  expect(b).not.toEqual([])
  expect(b.every((violation) => violation.includes('held in every state'))).toBe(true)
  expect(a).not.toEqual([])
  // The stream itself is in order: what is wrong with it can be told only by who knows the truth.
  expect({ c, d }).toEqual({ c: [], d: [] })
})

/** Between the first and the second page of the members one of the first page leaves: the eleventh is on neither. */
function shiftMembers(bitbucket: BitbucketControl, history: TruthHistory): WrongConnector['onPage'] {
  return async (url) => {
    if (!url.endsWith('/workspaces/acme/permissions?pagelen=10')) return
    const { members } = await bitbucket.truth('acme')
    await bitbucket.change('acme', { type: 'remove-member', userUuid: members[4]?.userUuid })
    history.note(await bitbucket.truth('acme'))
  }
}
