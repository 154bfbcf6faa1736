// Prints who holds what now, and then each change as it comes:
//   node packages/subscriber/examples/print-changes.ts localhost:9092 clarity.bitbucket
import { createSubscriber } from '@clarity/subscriber'

const [brokers = 'localhost:9092', topicPrefix = 'clarity.bitbucket'] = process.argv.slice(2)

const subscriber = createSubscriber({
  brokers: brokers.split(','),
  topicPrefix,
  // Your consumer group: a restart goes on where it was. Another name begins anew.
  groupId: `example.${process.pid}`,
  handlers: {
    onState: ({ change }) => {
      if (change.kind === 'service-user-entitlement' && change.value !== null) console.log('holds', change.value.id)
    },
    onBootstrapped: (handled) => console.log(`that is all there is now, in ${handled.size} connections`),
    on: {
      'service-user-entitlement.granted': ({ data }) => console.log('granted', data.grant.id),
      'service-user-entitlement.revoked': ({ data }) => console.log('revoked', data.grant.id, `(${data.reason})`),
    },
    onGap: ({ connectionId, expected, found }) => console.error('missing', connectionId, expected, found),
    onFailure: (error, goesOn) => console.error(goesOn ? 'trying again' : 'ended', error),
  },
})
await subscriber.start()
process.once('SIGINT', () => void subscriber.stop())
