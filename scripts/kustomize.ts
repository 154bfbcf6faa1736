// As much of Kustomize as deploy/kubernetes uses, so that its overlays can be checked where the tool is not there. A
// kustomization that uses more is refused. A test compares the two where both are.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

/** An object of Kubernetes; what is in it is checked by its schema. */
export const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
})
export type KubernetesObject = z.infer<typeof KubernetesObject>

const Patch = z.array(
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('add'), path: z.string(), value: z.unknown() }),
    z.strictObject({ op: z.literal('replace'), path: z.string(), value: z.unknown() }),
    z.strictObject({ op: z.literal('remove'), path: z.string() }),
  ]),
)
const Kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  namespace: z.string().optional(),
  resources: z.array(z.string()),
  labels: z
    .array(z.strictObject({ pairs: z.record(z.string(), z.string()), includeTemplates: z.literal(true) }))
    .default([]),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).default([]),
  replicas: z.array(z.strictObject({ name: z.string(), count: z.int() })).default([]),
  configMapGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        behavior: z.literal('merge').optional(),
        literals: z.array(z.string().regex(/^[A-Z_]+=/)),
      }),
    )
    .default([]),
  patches: z
    .array(z.strictObject({ target: z.strictObject({ kind: z.string(), name: z.string() }), patch: z.string() }))
    .default([]),
})
type Kustomization = z.infer<typeof Kustomization>

/**
 * The objects that a kustomization comes to. Names of generated config maps lack the digest that Kustomize gives them.
 * @throws Error when it uses what this does not know, or patches what is not there
 */
export function renderKustomization(folder: string): KubernetesObject[] {
  const kustomization = Kustomization.parse(parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')))
  const objects = kustomization.resources.flatMap((resource) => {
    const path = join(folder, resource)
    return resource.endsWith('.yaml') ? readObjects(path) : renderKustomization(path)
  })
  generateConfigMaps(kustomization, objects)
  for (const { target, patch } of kustomization.patches) {
    applyPatch(find(objects, target.kind, target.name), Patch.parse(parse(patch)))
  }
  for (const object of objects) transform(kustomization, object)
  return objects
}

function readObjects(path: string): KubernetesObject[] {
  const documents = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS())
  return documents.filter((document) => document !== null).map((document) => KubernetesObject.parse(document))
}

function generateConfigMaps({ configMapGenerator }: Kustomization, objects: KubernetesObject[]): void {
  for (const { name, behavior, literals } of configMapGenerator) {
    const added = Object.fromEntries(
      literals.map((text) => [text.slice(0, text.indexOf('=')), text.replace(/^.*?=/, '')]),
    )
    if (behavior === 'merge') {
      const object = find(objects, 'ConfigMap', name)
      object.data = { ...z.record(z.string(), z.string()).parse(object.data), ...added }
    } else objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: added })
  }
}

const Deployment = z.looseObject({
  spec: z.looseObject({
    replicas: z.int().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })) }),
    }),
  }),
})

function transform({ namespace, labels, images, replicas }: Kustomization, object: KubernetesObject): void {
  const { metadata, kind } = object
  const pairs = Object.assign({}, ...labels.map((label) => label.pairs))
  if (labels.length > 0) metadata.labels = { ...metadata.labels, ...pairs }
  if (namespace !== undefined && kind !== 'Namespace') metadata.namespace = namespace
  if (kind !== 'Deployment') return
  const { spec } = Deployment.parse(object)
  const count = replicas.find(({ name }) => name === metadata.name)?.count
  const containers = spec.template.spec.containers.map((container) => {
    const image = images.find(({ name }) => name === container.image)
    return image === undefined ? container : { ...container, image: `${image.newName}:${image.newTag}` }
  })
  const templateLabels = { ...spec.template.metadata.labels, ...pairs }
  const template = {
    ...spec.template,
    metadata: { ...spec.template.metadata, labels: templateLabels },
    spec: { ...spec.template.spec, containers },
  }
  object.spec = { ...spec, ...(count !== undefined && { replicas: count }), template }
}

function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
  return found
}

/** Changes an object by a JSON patch (RFC 6902). @throws Error when a path leads nowhere */
export function applyPatch(object: KubernetesObject, patch: z.infer<typeof Patch>): void {
  for (const change of patch) {
    const steps = change.path.slice(1).split('/')
    const last = steps.pop() ?? ''
    let place: unknown = object
    for (const step of steps) place = isContainer(place) ? Reflect.get(place, step) : undefined
    if (!isContainer(place)) throw new Error(`${change.path} leads nowhere`)
    const isThere = Reflect.has(place, last)
    if (change.op !== 'add' && !isThere) throw new Error(`${change.path} leads nowhere`)
    if (change.op === 'remove') Reflect.deleteProperty(place, last)
    else if (Array.isArray(place) && last === '-') place.push(change.value)
    else Reflect.set(place, last, change.value)
  }
}

function isContainer(value: unknown): value is unknown[] | Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
