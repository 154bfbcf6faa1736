import { z } from 'zod'

/** What the page of the API says of an operation. */
const Operation = z.object({
  summary: z.string(),
  tags: z.tuple([z.string()]),
  /** Without one it asks for nobody. */
  'x-required-scope': z.string().optional(),
})
const Description = z.object({
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
})

const begin = '<!-- operations: made by pnpm run docs -->'
const end = '<!-- end of operations -->'

/**
 * The text of docs/api.md with the tables of all operations between its two marks; the rest of it is written by hand.
 * @throws Error when the marks are not there
 */
export function renderApi(page: string, openApi: object): string {
  const [before, rest = ''] = page.split(begin, 2)
  const [, after] = rest.split(end, 2)
  if (before === undefined || after === undefined) throw new Error(`docs/api.md needs the lines ${begin} and ${end}`)
  return `${before}${begin}\n\n${renderOperations(openApi)}\n${end}${after}`
}

/** A table for each subject, in the order of the document. */
function renderOperations(openApi: object): string {
  const { tags, paths } = Description.parse(openApi)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  )
  const sections = tags.map(({ name, description }) => {
    const rows = operations
      .filter(({ tags: [tag] }) => tag === name)
      .map(
        ({ method, path, summary, 'x-required-scope': scope }) =>
          `| \`${method} ${path}\` | ${scope === undefined ? '' : `\`${scope}\``} | ${summary} |`,
      )
    return [`**${description}**`, '', '| operation | scope | what it does |', '|---|---|---|', ...rows, ''].join('\n')
  })
  return sections.join('\n')
}
