import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { notRun } from '@clarity/testkit/not-run'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { variableFaults } from './deployed-variables.ts'
import { schemaFaults } from './kubernetes-schemas.ts'
import { applyPatch, KubernetesObject, renderKustomization } from './kustomize.ts'
import { knownSeries, unknownNames } from './observed-names.ts'
import { services } from './services.ts'

const folder = (name: string) => fileURLToPath(new URL(`../deploy/kubernetes/overlays/${name}`, import.meta.url))
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const overlays = ['small', 'production'].map((name) => ({ name, objects: renderKustomization(folder(name)) }))
const everything = overlays.flatMap(({ name, objects }) => objects.map((object) => ({ overlay: name, object })))
const ofKind = <Shape extends z.ZodType>(kind: string, shape: Shape) =>
  everything
    .filter(({ object }) => object.kind === kind)
    .map(({ overlay, object }) => ({ overlay, ...parse(shape, object) }))

function parse<Shape extends z.ZodType>(shape: Shape, object: KubernetesObject) {
  return { name: object.metadata.name, value: shape.parse(object) }
}

const Selection = z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() })
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) })
const Container = z.object({
  image: z.string(),
  env: z.array(
    z.object({
      name: z.string(),
      value: z.string().optional(),
      valueFrom: z.object({ secretKeyRef: Selection }).optional(),
    }),
  ),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }).optional(),
  livenessProbe: Probe,
  readinessProbe: Probe,
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
})
const Deployment = z.object({
  spec: z.object({
    replicas: z.int().optional(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.int().min(1) }),
        containers: z.tuple([Container]),
      }),
    }),
  }),
})
const deployments = ofKind('Deployment', Deployment)

test.each(everything)(
  '$overlay: $object.kind $object.metadata.name is what the public schema asks for',
  ({ object }) => {
    expect(schemaFaults(object)).toEqual([])
  },
)

test('a field that Kubernetes does not know, a value of a wrong kind and an object of an unknown kind are found', () => {
  const [first] = everything.filter(({ object }) => object.kind === 'Deployment')
  const spoiled = (path: string, value: unknown) => {
    const object = structuredClone(KubernetesObject.parse(first?.object))
    applyPatch(object, [{ op: 'add', path, value }])
    return schemaFaults(object)
  }
  expect(spoiled('/spec/template/spec/containers/0/imag', 'x')).toEqual([
    'spec.template.spec.containers.0.imag: no such field',
  ])
  expect(spoiled('/spec/replicas', 'two')).toEqual([expect.stringContaining('spec/replicas must be integer')])
  expect(spoiled('/kind', 'Deploymint')).toEqual(['apps/v1 Deploymint: no schema'])
})

test.each(deployments)(
  '$overlay: $name has every variable that it needs, and only such as it reads',
  ({ overlay, name, value }) => {
    const [container] = value.spec.template.spec.containers
    const maps = ofKind('ConfigMap', z.object({ data: z.record(z.string(), z.string()) }))
    const fromMaps = container.envFrom.map(({ configMapRef }) => {
      const map = maps.find((one) => one.overlay === overlay && one.name === configMapRef.name)
      expect(map, configMapRef.name).toBeDefined()
      return map?.value.data ?? {}
    })
    const own = container.env.map((variable) => [variable.name, variable.value ?? null] as const)
    expect(variableFaults(name, Object.assign({}, ...fromMaps, Object.fromEntries(own)))).toEqual([])
  },
)

test.each([
  [{ REDIS_URL: null, KAFKA_BROKERS: 'kafka:9092', TOPIC_PREFX: 'x' }, ['TOPIC_PREFX: publisher does not read it']],
  [{ REDIS_URL: null }, ['KAFKA_BROKERS: is not set']],
  [{ REDIS_URL: null, KAFKA_BROKERS: 'kafka' }, ['KAFKA_BROKERS: is not a comma-separated list of host:port']],
])('variables that a service does not read, misses or refuses are found: %o', (given, faults) => {
  expect(variableFaults('publisher', given)).toEqual(faults)
})

test.each(deployments)('$overlay: $name is not ended before it has closed by itself', ({ value }) => {
  const { terminationGracePeriodSeconds: graceSeconds, containers } = value.spec.template.spec
  const closeMs = Number(
    /closeTimeoutMs = ([\d_]+)/.exec(read('packages/shared/src/runtime/lifecycle.ts'))?.[1]?.replace('_', ''),
  )
  const [, seconds] = containers[0].lifecycle?.preStop.exec.command ?? []
  expect(graceSeconds).toBeGreaterThan(closeMs / 1_000 + Number(seconds ?? 0))
})

test.each(deployments)('$overlay: $name is asked for its health by the routes that there are', ({ value }) => {
  const [{ livenessProbe, readinessProbe, image }] = value.spec.template.spec.containers
  expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(['/livez', '/readyz'])
  expect(image).toMatch(/^registry\.example\/clarity-[a-z-]+:\d+\.\d+\.\d+$/)
})

test.each(overlays)('$name runs every service, and only its API without a shared database is one alone', ({ name }) => {
  const own = deployments.filter(({ overlay }) => overlay === name)
  expect(own.map((deployment) => deployment.name).toSorted()).toEqual(
    services.map((service) => service.name).toSorted(),
  )
  const api = own.find((deployment) => deployment.name === 'connector-api')?.value.spec
  const hasDatabase = api?.template.spec.containers[0].env.some((variable) => variable.name === 'DATABASE_URL')
  expect(hasDatabase === true || api?.replicas === 1).toBe(true)
})

test('every secret is described, and none is in the repository', () => {
  const page = read('deploy/kubernetes/README.md')
  const wanted = deployments.flatMap(({ value }) =>
    value.spec.template.spec.containers[0].env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
  )
  expect(wanted.length).toBeGreaterThan(5)
  for (const { name, key } of wanted) expect(page).toMatch(new RegExp(`\\| \`${name}\` \\|[^\\n]*\`${key}\``))
  expect(everything.filter(({ object }) => object.kind === 'Secret')).toEqual([])
})

const Policy = z.object({
  spec: z.object({
    podSelector: z.object({
      matchLabels: z.record(z.string(), z.string()).optional(),
      matchExpressions: z.array(z.object({ values: z.array(z.string()) })).optional(),
    }),
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    egress: z.array(z.object({ ports: z.array(z.object({ port: z.int() })) })).optional(),
    ingress: z.array(z.unknown()).optional(),
  }),
})

test.each([
  ['connector-api', [53, 443, 5432, 6379, 9092, 9093]],
  ['sync-worker', [53, 443, 6379]],
  ['publisher', [53, 6379, 9092, 9093]],
])('%s may speak with what it needs, and nobody else', (service, ports) => {
  const policies = ofKind('NetworkPolicy', Policy).filter(({ overlay }) => overlay === 'production')
  const applying = policies.filter(({ value: { spec } }) => {
    const [expression] = spec.podSelector.matchExpressions ?? []
    return expression === undefined || expression.values.includes(service)
  })
  const denied = applying.filter(
    ({ value: { spec } }) => !spec.egress && !spec.ingress && spec.policyTypes.length === 2,
  )
  expect(denied).toHaveLength(1)
  const allowed = applying.flatMap(({ value }) =>
    (value.spec.egress ?? []).flatMap((rule) => rule.ports.map(({ port }) => port)),
  )
  expect([...new Set(allowed)].toSorted((a, b) => a - b)).toEqual(ports)
})

test('what the policies, services and budgets select are pods that there are', () => {
  const labels = deployments.map(({ value }) => value.spec.template.metadata.labels)
  const names = labels.map((label) => label['app.kubernetes.io/name'])
  for (const label of labels) expect(label['app.kubernetes.io/part-of']).toBe('clarity-bitbucket')
  for (const { value } of ofKind('NetworkPolicy', Policy)) {
    for (const name of value.spec.podSelector.matchExpressions?.[0]?.values ?? []) expect(names).toContain(name)
  }
  const Selecting = z.object({ spec: z.object({ selector: z.record(z.string(), z.unknown()) }) })
  const selections = [...ofKind('Service', Selecting), ...ofKind('PodDisruptionBudget', Selecting)]
  for (const { name, value } of selections) {
    if (name !== 'nowhere') expect(JSON.stringify(value.spec.selector)).toContain(`"app.kubernetes.io/name":"${name}"`)
  }
  expect(new Set(selections.map(({ name }) => name))).toEqual(new Set([...names, 'nowhere']))
})

test('workers are scaled by a figure that they show', () => {
  const Scaled = z.object({
    spec: z.object({
      scaleTargetRef: z.object({ name: z.literal('sync-worker') }),
      minReplicaCount: z.int().min(1),
      triggers: z.tuple([z.object({ metadata: z.object({ query: z.string() }) })]),
    }),
  })
  const [scaled] = ofKind('ScaledObject', Scaled)
  expect(unknownNames(scaled?.value.spec.triggers[0].metadata.query ?? '', knownSeries())).toEqual([])
  const free = deployments.filter(({ value }) => value.spec.replicas === undefined).map(({ name }) => name)
  expect(free.toSorted()).toEqual(['connector-api', 'sync-worker'])
})

/** The same text for the same objects; names of config maps without the digest that Kustomize gives them. */
function inOrder(objects: readonly KubernetesObject[]): unknown[] {
  const plain = JSON.stringify(objects).replace(/"(clarity-[a-z-]+)-[a-z0-9]{10}"/g, '"$1"')
  const sorted = z.array(KubernetesObject).parse(JSON.parse(plain))
  return sorted.toSorted((a, b) => (`${a.kind}/${a.metadata.name}` < `${b.kind}/${b.metadata.name}` ? -1 : 1))
}

test.for(overlays)('$name is the same when Kustomize itself renders it', ({ name, objects }, context) => {
  const { stdout, status, error } = spawnSync('kustomize', ['build', folder(name)], { encoding: 'utf8' })
  if (error !== undefined)
    return notRun(context, 'kustomize is not installed: the overlays are rendered by our own reading')
  expect(status).toBe(0)
  const rendered = parseAllDocuments(stdout).map((document) => KubernetesObject.parse(document.toJS()))
  expect(inOrder(objects)).toEqual(inOrder(rendered))
})
