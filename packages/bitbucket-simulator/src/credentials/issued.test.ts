import { expect, test } from 'vitest'
import { acme, createBench } from '../testing/client.ts'

test('the tokens that consumers hold can be listed, until they end', async () => {
  await using bench = await createBench()
  const issued = async () => (await bench.call('GET', '/_control/tokens')).body.items
  const { body } = await bench.requestToken(acme.consumer.key, acme.consumer.secret)
  expect(await issued()).toContain(body.access_token)
  await bench.call('DELETE', '/_control/tokens')
  expect(await issued()).toEqual([])
})
