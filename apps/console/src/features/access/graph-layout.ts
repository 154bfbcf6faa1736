/**
 * Where the nodes and edges of a person's ways to a resource are drawn: in layers from left to right (person; groups and the
 * workspace; projects; the resource). An edge that passes a layer keeps a place of its own there, so that it crosses no node. Within
 * a layer each node comes as near as it can to what it is connected with (means of neighbours, swept to and fro).
 */
import { highestOf } from '@clarity/shared/access/levels'
import { kindOf, levelOf, type NodeKind, resourceOf } from './access-ids.ts'
import { type Access, nameOfStep, type Path } from './path-words.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface GraphNode extends Point {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  /** Whether a way that gives the highest level leads through it. */
  readonly isDeciding: boolean
}

export interface GraphEdge {
  readonly id: string
  /** The levels that it gives, or what it is. */
  readonly label: string
  readonly labelAt: Point
  /** From the side of one node to the side of the other. */
  readonly points: readonly Point[]
  readonly isDeciding: boolean
}

/** `x` and `y` of a node are those of its upper left corner; all in pixels. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly width: number
  readonly height: number
  readonly nodeWidth: number
}

export const nodeHeight = 56
const gapBetweenLayers = 70
const gapBetweenNodes = 14
/** High enough that the labels of edges side by side do not touch, halfway to where they begin. */
const passageHeight = 26
const nodeWidthMax = 200
const sweeps = 6

interface Link {
  readonly from: string
  readonly to: string
  readonly labels: Set<string>
  isDeciding: boolean
}

interface Found {
  readonly kind: NodeKind
  readonly name: string
  readonly layer: number
  isDeciding: boolean
}

/** Lays out all ways of an access in so wide a space. */
export function layOut(access: Access, widthPx: number): Graph {
  const { nodes, links } = collect(access)
  const layers = [...new Set([...nodes.values()].map(({ layer }) => layer))].sort((a, b) => a - b)
  const columnOf = (id: string) => layers.indexOf(nodes.get(id)?.layer ?? 0)
  const columns: string[][] = layers.map((layer) =>
    [...nodes].filter(([, node]) => node.layer === layer).map(([id]) => id),
  )
  const chains = links.map((link) => addPassages(link, columns, columnOf))
  orderColumns(columns, chains)

  const nodeWidth = Math.min(
    nodeWidthMax,
    Math.floor((widthPx - gapBetweenLayers * (layers.length - 1)) / Math.max(1, layers.length)),
  )
  const xOf = (column: number) => column * (nodeWidth + gapBetweenLayers)
  const heightOf = (id: string) => (nodes.has(id) ? nodeHeight : passageHeight)
  const heightOfColumn = (ids: readonly string[]) =>
    ids.reduce((sum, id) => sum + heightOf(id), gapBetweenNodes * Math.max(0, ids.length - 1))
  const height = Math.max(nodeHeight, ...columns.map(heightOfColumn))
  const middles = new Map<string, Point>()
  for (const [column, ids] of columns.entries()) {
    let y = (height - heightOfColumn(ids)) / 2
    for (const id of ids) {
      middles.set(id, { x: xOf(column), y: y + heightOf(id) / 2 })
      y += heightOf(id) + gapBetweenNodes
    }
  }
  const middleOf = (id: string) => middles.get(id) ?? { x: 0, y: 0 }
  return {
    width: xOf(layers.length - 1) + nodeWidth,
    height,
    nodeWidth,
    nodes: [...nodes].map(([id, { kind, name, isDeciding }]) => {
      const { x, y } = middleOf(id)
      return { id, kind, name, isDeciding, x, y: y - nodeHeight / 2 }
    }),
    edges: links.map((link, index) => {
      const points = pointsOf(chains[index] ?? [], middleOf, nodeWidth)
      return {
        id: `${link.from}>${link.to}`,
        label: [...link.labels].join(', '),
        isDeciding: link.isDeciding,
        points,
        labelAt: middleOfFirst(points),
      }
    }),
  }
}

/** The nodes and links of all ways, each once; what decides comes first. */
function collect({ paths, decidedBy, resource }: Access) {
  const nodes = new Map<string, Found>()
  const links = new Map<string, Link>()
  const contained = new Map<string, string[]>()
  const ordered = paths.map((path, index) => ({ path, isDeciding: decidedBy.includes(index) }))
  for (const { path, isDeciding } of ordered.toSorted((a, b) => Number(b.isDeciding) - Number(a.isDeciding))) {
    for (const [index, step] of path.steps.entries()) {
      const id = resourceOf(step.node)
      const node = nodes.get(id) ?? {
        kind: kindOf(id),
        name: nameOfStep(step),
        layer: layerOf(id, resource),
        isDeciding,
      }
      node.isDeciding ||= isDeciding
      nodes.set(id, node)
      const before = path.steps[index - 1]
      if (before === undefined) continue
      const from = resourceOf(before.node)
      const link = links.get(`${from}>${id}`) ?? { from, to: id, labels: new Set<string>(), isDeciding }
      link.isDeciding ||= isDeciding
      links.set(`${from}>${id}`, link)
      if (step.edge === 'contains')
        contained.set(`${from}>${id}`, [...(contained.get(`${from}>${id}`) ?? []), path.level])
      else link.labels.add(labelOf(path, step.node))
    }
  }
  // What comes by the project is as high as the highest that is held on it.
  for (const [id, levels] of contained) links.get(id)?.labels.add(highestOf(levels) ?? 'none')
  return { nodes, links: [...links.values()] }
}

function labelOf(path: Path, node: string): string {
  return levelOf(node) ?? path.level
}

function layerOf(id: string, target: string): number {
  if (id === target) return 3
  const kind = kindOf(id)
  return kind === 'person' ? 0 : kind === 'project' ? 2 : 1
}

/** What an edge leads through: its ends, and a place of its own in each column between them, which is added there. */
function addPassages({ from, to }: Link, columns: string[][], columnOf: (id: string) => number): string[] {
  const passages: string[] = []
  for (let column = columnOf(from) + 1; column < columnOf(to); column++) {
    const id = `${from}>${to}@${column}`
    columns[column]?.push(id)
    passages.push(id)
  }
  return [from, ...passages, to]
}

function orderColumns(columns: string[][], chains: readonly (readonly string[])[]): void {
  const neighbours = new Map<string, { readonly before: string[]; readonly after: string[] }>()
  const of = (id: string) => {
    const known = neighbours.get(id) ?? { before: [], after: [] }
    neighbours.set(id, known)
    return known
  }
  for (const chain of chains) {
    for (const [index, id] of chain.entries()) {
      const next = chain[index + 1]
      if (next === undefined) continue
      of(id).after.push(next)
      of(next).before.push(id)
    }
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForth = sweep % 2 === 0
    const visited = isForth ? columns : columns.toReversed()
    for (const [index, ids] of visited.entries()) {
      const previous = visited[index - 1]
      if (previous === undefined) continue
      const meanOf = (id: string) => {
        const places = of(id)[isForth ? 'before' : 'after'].map((other) => previous.indexOf(other))
        return places.length === 0
          ? Number.POSITIVE_INFINITY
          : places.reduce((sum, place) => sum + place, 0) / places.length
      }
      const means = new Map(ids.map((id) => [id, meanOf(id)]))
      ids.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0))
    }
  }
}

/** From the right side of the first node, straight through each passage, to the left side of the last. */
function pointsOf(chain: readonly string[], middleOf: (id: string) => Point, nodeWidth: number): Point[] {
  return chain.flatMap((id, index) => {
    const { x, y } = middleOf(id)
    const [left, right] = [
      { x, y },
      { x: x + nodeWidth, y },
    ]
    if (index === 0) return [right]
    return index === chain.length - 1 ? [left] : [left, right]
  })
}

function middleOfFirst([a = { x: 0, y: 0 }, b = a]: readonly Point[]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** The line through the points: bent between columns, straight across one. */
export function toPathData(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1]
      if (before === undefined) return `M${x} ${y}`
      const bend = (before.x + x) / 2
      return before.y === y ? `H${x}` : `C${bend} ${before.y} ${bend} ${y} ${x} ${y}`
    })
    .join('')
}

/** A name in two lines at most, each of so many characters; what does not fit is left out, and said so. */
export function toLines(name: string, charactersMax: number): readonly string[] {
  const lines: string[] = []
  let rest = name
  while (rest.length > charactersMax && lines.length === 0) {
    const blank = rest.slice(0, charactersMax + 1).lastIndexOf(' ')
    const dash = rest.slice(0, charactersMax).lastIndexOf('-') + 1
    const cut = Math.max(blank, dash)
    const end = cut > charactersMax / 4 ? cut : charactersMax
    lines.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  return [...lines, rest.length > charactersMax ? `${rest.slice(0, charactersMax - 1)}…` : rest]
}
