import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1'
import type { KubernetesObject } from './kustomize.ts'

interface Checked {
  validate(): void
}

interface Model {
  readonly apiVersion: string
  readonly kind: string
  new (data?: never): Checked
}

const models: readonly Model[] = [
  ...[ConfigMap, Deployment, HorizontalPodAutoscaler, Ingress, Namespace, NetworkPolicy, PodDisruptionBudget],
  ...[ScaledObject, Service],
]

/**
 * What the public schemas of Kubernetes and KEDA have against an object, and every field that they do not know; none when all is well.
 * The schemas themselves let unknown fields pass. But a field that they know takes no symbol, whatever its type.
 */
export function schemaFaults(object: KubernetesObject): string[] {
  const model = models.find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind)
  if (model === undefined) return [`${object.apiVersion} ${object.kind}: no schema`]
  const fault = faultOf(model, object)
  if (fault !== null) return [fault]
  return [...pathsOf(object)].filter((path) => faultOf(model, spoil(object, path)) === null).map(unknown)
}

function faultOf(Model: Model, object: unknown): string | null {
  try {
    // Each model takes its own type. Whether it is that is what is asked here.
    const checked: Checked = Reflect.construct(Model, [object])
    checked.validate()
    return null
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
}

type Path = readonly (string | number)[]

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* pathsOf(item, [...path, index])
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* pathsOf(item, [...path, key])
}

/** A copy with a symbol in one place. */
function spoil(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return Symbol('spoiled')
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? spoil(item, rest) : item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === step ? spoil(item, rest) : item]))
}

function unknown(path: Path): string {
  return `${path.join('.')}: no such field`
}
