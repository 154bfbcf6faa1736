import { type ICustomPartitioner, type Message, Partitioners } from 'kafkajs'

/**
 * A partitioner of kafkajs that lets each record be sent once. Records for partitions of several leaders go in several requests; when one
 * of them fails, kafkajs sends again what is not answered yet, or has another leader by now, under new sequence numbers, and Kafka
 * cannot tell that it has those records already: they would be told twice within one transaction. So the first failure is the last:
 * the transaction is given up, and Kafka forgets all of it. (kafkajs 2.2.4, `producer/sendMessages.js`; `npm run test:scale` found it.)
 *
 * It is asked for the partition of each record with each try, which is how a second one is known.
 */
export const sendOnce: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner()
  const sent = new WeakSet<Message>()
  return (record) => {
    if (sent.has(record.message)) throw new Error('A record would be sent a second time within one transaction')
    sent.add(record.message)
    return choose(record)
  }
}
