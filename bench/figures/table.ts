import { describeTarget, type Figure, isMet } from './figure.ts'

const head = ['name', 'value', 'unit', 'target', 'met']

/** Columns for a terminal; those of numbers to the right. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = [head, ...figures.map(toCells)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0)))
  return rows.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('')
}

/** The same as Markdown, with how each was measured. */
export function renderMarkdown(figures: readonly Figure[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rows = figures.map((figure) => {
    const [name = '', ...cells] = toCells(figure)
    return line([`\`${name}\``, ...cells, figure.method.replaceAll('|', '\\|')])
  })
  return [line([...head, 'how']), line([...head, 'how'].map(() => '---')), ...rows].join('')
}

function toCells(figure: Figure): string[] {
  const { name, value, unit } = figure
  return [name, value.toLocaleString('en', { maximumFractionDigits: 3 }), unit, describeTarget(figure), toWord(figure)]
}

function toWord(figure: Figure): string {
  const met = isMet(figure)
  if (met === null) return '–'
  return met ? 'yes' : 'no'
}
