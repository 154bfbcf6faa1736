import { expect, test } from 'vitest'
import { type Graph, layOut, nodeHeight, toLines, toPathData } from './graph-layout.ts'
import { access, ways } from './path-fixture.ts'
import type { Access } from './path-words.ts'

const widthPx = 660

test('each node and each assignment of all ways is drawn once, from left to right', () => {
  const graph = layOut(access, widthPx)
  const byColumn = Map.groupBy(graph.nodes, ({ x }) => x)
  const columns = [...byColumn].sort(([a], [b]) => a - b).map(([, nodes]) => nodes.map(({ id }) => id).toSorted())
  expect(columns).toEqual([
    ['user:a'],
    ['group:developers', 'group:platform', 'workspace'],
    ['project:p'],
    ['repository:r'],
  ])
  expect(Object.fromEntries(graph.edges.map(({ id, label }) => [id, label]))).toEqual({
    'user:a>repository:r': 'read',
    'user:a>project:p': 'create-repo',
    'user:a>group:developers': 'member',
    'user:a>group:platform': 'member',
    'user:a>workspace': 'owner',
    'group:developers>repository:r': 'write',
    'group:platform>project:p': 'admin',
    'workspace>repository:r': 'admin',
    // The highest of what comes by the project.
    'project:p>repository:r': 'admin',
  })
  expect(graph.width).toBeLessThanOrEqual(widthPx)
})

test('what decides is marked, and nothing else', () => {
  const { nodes, edges } = layOut(access, widthPx)
  const marked = <Part extends { readonly id: string; readonly isDeciding: boolean }>(parts: readonly Part[]) =>
    parts.flatMap(({ id, isDeciding }) => (isDeciding ? [id] : [])).toSorted()
  expect(marked(nodes)).toEqual(['group:platform', 'project:p', 'repository:r', 'user:a', 'workspace'])
  expect(marked(edges)).toEqual([
    'group:platform>project:p',
    'project:p>repository:r',
    'user:a>group:platform',
    'user:a>workspace',
    'workspace>repository:r',
  ])
})

test('no node lies on another, no edge crosses one, however many ways there are', () => {
  const many: Access = {
    ...access,
    paths: [
      ...ways,
      ...Array.from({ length: 30 }, (_, index) => ({
        via: index % 2 === 0 ? ('group' as const) : ('project-group' as const),
        level: 'read',
        since: null,
        steps: [
          { node: 'user:a', name: 'Alma Block' },
          { edge: 'member of', node: `group:g${index}#member`, name: `G${index}` },
          ...(index % 2 === 0 ? [] : [{ edge: 'holds', node: 'project:p#read', name: 'Payments' }]),
          index % 2 === 0
            ? { edge: 'holds', node: 'repository:r#read', name: 'payments-api' }
            : { edge: 'contains', node: 'repository:r', name: 'payments-api' },
        ],
      })),
    ],
  }
  for (const graph of [layOut(access, widthPx), layOut(many, widthPx)]) {
    expect(overlaps(graph)).toEqual([])
    expect(crossings(graph)).toEqual([])
    for (const { x, y } of graph.nodes) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y + nodeHeight).toBeLessThanOrEqual(graph.height)
    }
  }
})

test('a way without groups and projects takes two columns, and no more room than it needs', () => {
  const [direct] = ways
  if (direct === undefined) return expect.unreachable()
  const graph = layOut({ ...access, paths: [direct], decidedBy: [0] }, widthPx)
  expect(graph.nodes).toHaveLength(2)
  expect(graph.height).toBe(nodeHeight)
  expect(graph.edges[0]?.points.map(({ y }) => y)).toEqual([nodeHeight / 2, nodeHeight / 2])
  expect(layOut({ ...access, paths: [], decidedBy: [] }, widthPx)).toMatchObject({ nodes: [], edges: [] })
})

test('a line is bent between columns and straight across one', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 20 },
    { x: 30, y: 20 },
  ]
  expect(toPathData(points)).toBe('M0 0C5 0 5 20 10 20H30')
})

test.each([
  ['Platform', ['Platform']],
  ['Notification Platform', ['Notification', 'Platform']],
  ['Risk Engineers', ['Risk', 'Engineers']],
  ['orders-tests-reporter', ['orders-tests-', 'reporter']],
  ['Incomprehensibilities of the department', ['Incomprehensi', 'bilities of …']],
])('%s is written in two lines at most', (name, lines) => expect(toLines(name, 13)).toEqual(lines))

function overlaps({ nodes, nodeWidth }: Graph): string[] {
  return nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight)
      .map((b) => `${a.id} ${b.id}`),
  )
}

/** Nodes that an edge runs through where it runs straight across a column. */
function crossings({ nodes, edges, nodeWidth }: Graph): string[] {
  return edges.flatMap(({ id, points }) =>
    points.flatMap(({ x, y }, index) => {
      const next = points[index + 1]
      if (next === undefined || next.y !== y || next.x - x !== nodeWidth) return []
      return nodes
        .filter((node) => node.x === x && y > node.y && y < node.y + nodeHeight)
        .map((node) => `${id} ${node.id}`)
    }),
  )
}
