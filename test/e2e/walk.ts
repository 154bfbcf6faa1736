import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A step of a page: commands, and what the page says that they print. */
export interface Step {
  /** The heading that it stands below. */
  readonly heading: string
  readonly commands: string
  /** Empty: nothing. */
  readonly prints: string
}

/**
 * The steps of a page in Markdown: each fenced block of `sh`, with the block without a language that follows before the next one.
 */
export function parseSteps(page: string): Step[] {
  const steps: Step[] = []
  const parts = page.matchAll(/^#+ +(?<heading>.+)$|^```(?<language>\w*)\n(?<block>[\s\S]*?)^```$/gm)
  let heading = ''
  let isAnswered = true
  for (const { groups = {} } of parts) {
    const { language, block = '' } = groups
    if (groups.heading !== undefined) heading = groups.heading
    if (language === 'sh') steps.push({ heading, commands: block, prints: '' })
    const last = steps.at(-1)
    if (language === '' && !isAnswered && last !== undefined)
      steps[steps.length - 1] = { ...last, prints: block.trimEnd() }
    if (language !== undefined) isAnswered = language !== 'sh'
  }
  return steps
}

/** Whether a text is what the page says: `...` in a line stands for anything, as a line of its own for any lines. */
export function isPrinted(text: string, prints: string): boolean {
  return fits(toLines(text), toLines(prints))
}

function toLines(text: string): string[] {
  return text.trimEnd() === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => line.trimEnd())
}

function fits(lines: readonly string[], wanted: readonly string[]): boolean {
  const [first, ...rest] = wanted
  if (first === undefined) return lines.length === 0
  if (first === '...') return lines.some((_, index) => fits(lines.slice(index), rest)) || fits([], rest)
  const [line, ...others] = lines
  return line !== undefined && fitsLine(line, first) && fits(others, rest)
}

function fitsLine(line: string, wanted: string): boolean {
  const pattern = wanted.split('...').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`).test(line)
}

const mark = '--- that was it ---'

/** One bash, in which steps run one after the other; the first command that fails ends it. */
export class Shell implements AsyncDisposable {
  readonly #dir: string
  readonly #bash: ChildProcess
  readonly #ended: Promise<number | null>
  readonly #printed: string[] = []
  readonly #complaints: string[] = []
  #onMark: () => void = () => undefined
  #steps = 0

  /** @param env all that its commands have in the environment beside the PATH; `dir` is home and place for temporary files */
  constructor(dir: string, env: Readonly<Record<string, string>>) {
    this.#dir = dir
    const { PATH = '' } = process.env
    const bash = spawn('bash', ['-euo', 'pipefail', '-s'], { env: { PATH, HOME: dir, TMPDIR: dir, ...env } })
    this.#bash = bash
    this.#ended = new Promise((resolve) => bash.once('close', resolve))
    createInterface({ input: bash.stdout }).on('line', (line) => {
      if (line === mark) this.#onMark()
      else this.#printed.push(line)
    })
    createInterface({ input: bash.stderr }).on('line', (line) => this.#complaints.push(line))
  }

  /** What the commands print. @throws Error that has what they complained of when one of them fails */
  async run(commands: string): Promise<string> {
    await mkdir(this.#dir, { recursive: true })
    const file = join(this.#dir, `step-${++this.#steps}.sh`)
    await writeFile(file, commands)
    this.#printed.length = 0
    this.#complaints.length = 0
    const done = new Promise<null>((resolve) => {
      this.#onMark = () => resolve(null)
    })
    // What a command would read from its input are not the commands that follow.
    this.#bash.stdin?.write(`. '${file}' < /dev/null\nprintf '\\n%s\\n' '${mark}'\n`)
    const code = await Promise.race([done, this.#ended.then((exitCode) => exitCode ?? -1)])
    const printed = this.#printed.join('\n')
    if (code === null) return printed
    throw new Error(`The shell ended with ${code}.\n${printed}\n${this.#complaints.join('\n')}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bash.kill('SIGKILL')
    await this.#ended
  }
}
