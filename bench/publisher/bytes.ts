import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of the records of a topic as they lie in the broker's log, all partitions: as they came over the wire, with the headers of the batches. */
export async function bytesOfTopic(dataDir: string, topic: string): Promise<number> {
  let bytes = 0
  for (const folder of await readdir(dataDir)) {
    // A topic's name may begin another one's; what follows is the number of the partition.
    if (!folder.startsWith(`${topic}-`) || !/^\d+$/.test(folder.slice(topic.length + 1))) continue
    for (const file of await readdir(join(dataDir, folder))) {
      if (file.endsWith('.log')) bytes += (await stat(join(dataDir, folder, file))).size
    }
  }
  return bytes
}
