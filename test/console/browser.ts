import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, inject } from 'vitest'
import { z } from 'zod'

/** Where each screen is kept as it looked; made anew by each run. */
const screensDir = fileURLToPath(new URL('screens/', import.meta.url))
/** How long what is waited for may take to be seen. */
const seenWithinMs = 20_000

const { chromium: executablePath } = inject('consoleSystem')
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
afterAll(() => browser.close())
await mkdir(screensDir, { recursive: true })
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Window {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

/**
 * A page in a browser of its own, at this address. It fails the test that wrote something to the console of the browser as an
 * error, or threw.
 */
export async function browse(address: string, { width = 1280, height = 900, colorScheme = 'light' }: Window = {}) {
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin' },
    ...{ acceptDownloads: true, reducedMotion: 'reduce' },
  })
  context.setDefaultTimeout(seenWithinMs)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    // The browser itself reports every answer that is no success; whether one was expected, the test says.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text())
  })
  await page.goto(address)
  return page
}

const faults: string[] = []
afterAll(() => expect(faults, 'what the pages complained about').toEqual([]))

const AxeResults = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
})

/** Keeps how the screen looks, and finds nothing serious in it that keeps somebody from using it. */
export async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${screensDir}${name}.png`, fullPage: true })
  await page.evaluate(axeSource)
  const found = AxeResults.parse(await page.evaluate('axe.run(document, { resultTypes: ["violations"] })'))
  const grave = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    grave.map(({ id, help, nodes }) => [id, help, ...nodes.slice(0, 3).map(({ html }) => html)]),
    `accessibility of ${name}`,
  ).toEqual([])
}

/** The same in a narrow window, in which nothing may stick out. */
export async function lookNarrow(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 900 }
  await page.setViewportSize({ width: 400, height: 800 })
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(excess, `${name} sticks out of a window of 400 px by so many`).toBeLessThanOrEqual(0)
  await look(page, `${name}-narrow`)
  await page.setViewportSize(before)
}
