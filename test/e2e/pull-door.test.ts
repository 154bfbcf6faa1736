import { ToldEvents } from '@clarity/shared/contract/access-answers'
import { testKafka } from '@clarity/testkit/kafka'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { testSystem } from './system.ts'

/** Whoever has no Kafka gets what is in Kafka. */
const { bitbucket, acme, feed } = await testSystem()
const { kafka, prefix } = testKafka()

const Numbered = z.object({ sequence: z.int() })

/** The records of a connection as they lie in the topic, up to the event of that number. */
async function readRecords(connectionId: string, last: number) {
  const records: { readonly headers: unknown; readonly data: unknown }[] = []
  const consumer = kafka.consumer({ groupId: `${prefix}as-they-lie` })
  await consumer.connect()
  await consumer.subscribe({ topic: `${feed.topicPrefix}.changes`, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message: { key, value, headers = {} } }) => {
          if (key?.toString() !== connectionId) return
          const texts = Object.entries(headers).map(([name, text]) => [name, String(text)])
          records.push({ headers: Object.fromEntries(texts), data: JSON.parse(String(value)) })
          if (records.length === last) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return records
}

test('the pull door has every event of a connection as Kafka has it, in order, and a wait ends with the next one', async () => {
  const slug = 'pulled'
  const { consumer } = await bitbucket.addWorkspace({
    slug,
    users: 130,
    groups: 9,
    projects: 7,
    repositories: 110,
    seed: 6,
  })
  const { connectionId, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
  const path = `/v1/connections/${connectionId}`
  const verify = async (text: string) =>
    Numbered.parse((await acme.call(`${path}/stream-verifications`, { text })).body).sequence
  const last = await verify('the sync is over')
  const told: ToldEvents['items'] = []
  for (let after = 0; after < last; ) {
    // By then the access view knows the connection: before, it says so with a 503.
    const { status, body } = await acme.call(`${path}/changes?after=${after}&limit=200&wait=25`)
    if (status === 503) continue
    const page = ToldEvents.parse(body)
    told.push(...page.items)
    after = page.next
  }
  expect(sync.state).toBe('completed')
  expect(told.length).toBeGreaterThan(500)
  expect(told.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1))
  expect(told.map(({ headers, data }) => ({ headers, data }))).toEqual(await readRecords(connectionId, last))

  const waiting = acme.call(`${path}/changes?after=${last}&wait=25`)
  expect(await verify('while somebody waits')).toBe(last + 1)
  expect((await waiting).body).toMatchObject({
    items: [{ name: 'stream.verification', data: { text: 'while somebody waits' } }],
    next: last + 1,
  })
})
