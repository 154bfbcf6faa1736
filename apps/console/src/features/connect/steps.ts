/** The steps of the wizard in their order, by what stands in the address. */
export const steps = [
  { id: 'connect-app', title: 'Connect App' },
  { id: 'app-settings', title: 'App settings' },
  { id: 'user-settings', title: 'User settings' },
  { id: 'validate', title: 'Validate' },
  { id: 'review', title: 'Review & Save' },
] as const

export type StepId = (typeof steps)[number]['id']

/** What the address of the wizard says; without a step it is the first one. */
export interface ConnectSearch {
  readonly step?: StepId
}

export function readConnectSearch({ step }: Record<string, unknown>): ConnectSearch {
  const known = steps.find(({ id }) => id === step)
  return known === undefined ? {} : { step: known.id }
}

export function stepAfter(id: StepId): StepId | null {
  return steps[steps.findIndex((step) => step.id === id) + 1]?.id ?? null
}

export function stepBefore(id: StepId): StepId | null {
  return steps[steps.findIndex((step) => step.id === id) - 1]?.id ?? null
}
