import { useMemo } from 'react'
import { classes } from '../../ui/classes.ts'
import styles from './access-graph.module.css'
import { type GraphEdge, type GraphNode, layOut, nodeHeight, toLines, toPathData } from './graph-layout.ts'
import type { Access } from './path-words.ts'

const widthPx = 652
/** About how wide a character is at the sizes that are used here. */
const characterPx = 6.9
const labelCharacterPx = 6.3

/** All ways of a person to a resource, drawn; what it shows is said in the list that it is described by. */
export function AccessGraph({
  access,
  label,
  describedBy,
}: {
  readonly access: Access
  readonly label: string
  readonly describedBy: string
}) {
  const graph = useMemo(() => layOut(access, widthPx), [access])
  return (
    // What may scroll must be reached by the keyboard (WCAG 2.1.1).
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls in narrow windows
    <figure className={styles.scroller} aria-label="The ways, drawn" tabIndex={0}>
      <svg
        className={styles.graph}
        role="img"
        aria-label={label}
        aria-describedby={describedBy}
        width={graph.width + 4}
        height={graph.height + 4}
        viewBox={`-2 -2 ${graph.width + 4} ${graph.height + 4}`}
      >
        {graph.edges
          // What decides lies on top.
          .toSorted((a, b) => Number(a.isDeciding) - Number(b.isDeciding))
          .map((edge) => (
            <Edge key={edge.id} edge={edge} />
          ))}
        {graph.nodes.map((node) => (
          <Node key={node.id} node={node} width={graph.nodeWidth} />
        ))}
      </svg>
    </figure>
  )
}

const kindNames = {
  person: 'person',
  workspace: 'workspace',
  group: 'group',
  project: 'project',
  repository: 'repository',
}

function Node({ node: { kind, name, isDeciding, x, y }, width }: { readonly node: GraphNode; readonly width: number }) {
  const lines = toLines(name, Math.floor((width - 14) / characterPx))
  return (
    <g className={classes(styles.node, isDeciding && styles.deciding)} transform={`translate(${x} ${y})`}>
      <title>{name}</title>
      <rect width={width} height={nodeHeight} rx="8" />
      <text className={styles.kind} x="8" y={lines.length > 1 ? 15 : 22}>
        {kindNames[kind]}
      </text>
      <text className={styles.name} x="8" y={lines.length > 1 ? 31 : 40}>
        {lines.map((line, index) => (
          <tspan key={line} x="8" dy={index === 0 ? 0 : 15}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  )
}

function Edge({ edge: { points, label, labelAt, isDeciding } }: { readonly edge: GraphEdge }) {
  const end = points.at(-1) ?? { x: 0, y: 0 }
  const labelWidth = label.length * labelCharacterPx + 8
  return (
    <g className={classes(styles.edge, isDeciding && styles.decidingEdge)}>
      <path d={toPathData(points)} />
      <path className={styles.head} d={`M${end.x} ${end.y}l-8 -4v8z`} />
      <rect x={labelAt.x - labelWidth / 2} y={labelAt.y - 8} width={labelWidth} height="16" rx="4" />
      <text x={labelAt.x} y={labelAt.y + 4}>
        {label}
      </text>
    </g>
  )
}
