import { readFile } from 'node:fs/promises'

export interface Load {
  readonly requests: number
  readonly bytes: number
}

const concurrency = 16

/** Calls `one` over and over, so many at the same time, for that long; it answers the bytes that came. */
export async function loadFor(seconds: number, one: (index: number) => Promise<number>): Promise<Load> {
  const endAt = performance.now() + seconds * 1_000
  let requests = 0
  let bytes = 0
  const worker = async () => {
    while (performance.now() < endAt) {
      const got = await one(requests++)
      bytes += got
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { requests, bytes }
}

/** Prints rows in columns, the first row as their heads. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    process.stdout.write(`${cells.join('  ')}\n`)
  }
}

/** Processor time that a process has used; from /proc, in clock ticks of 10 ms. */
export async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export async function memoryMiB(pid: number): Promise<number> {
  const kib = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}

/** The most that was resident since it was started, as the kernel has seen it. */
export async function peakMiB(pid: number): Promise<number> {
  const kib = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}
