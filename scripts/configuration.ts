import type { Variable, Variables } from '@clarity/shared/runtime/config'

/** A service with the variables that it reads. */
export interface ConfiguredService {
  readonly name: string
  readonly variables: Variables
}

/** The text of docs/configuration.md: every variable of every service, as its schema declares it. */
export function renderConfiguration(services: readonly ConfiguredService[]): string {
  return `${[intro, ...services.map(renderService)].join('\n\n')}\n`
}

const intro = `# Configuration

Every service reads environment variables, once, when it starts. All mistakes are listed at once, each with the name of
the variable and what to write; a service with a mistake does not start. An empty value counts as not set.

This page is made from the schemas by \`pnpm run docs\`; a test fails when it is out of date.`

function renderService({ name, variables }: ConfiguredService): string {
  const rows = Object.entries(variables).map(([variable, definition]) => renderRow(variable, definition))
  return [`## ${name}`, '', '| variable | default | meaning | example |', '|---|---|---|---|', ...rows].join('\n')
}

function renderRow(name: string, { default: value, description, example }: Variable): string {
  const shown = value === null ? '**required**' : value === '' ? 'not set' : `\`${value}\``
  return `| \`${name}\` | ${shown} | ${description} | \`${example}\` |`
}
