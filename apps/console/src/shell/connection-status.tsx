import type { Connection } from '../api/queries.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

type State = Connection['status']['state']

/** What each state of a connection is called, and how much it asks for attention. */
const states: Readonly<Record<State, readonly [tone: Tone, name: string]>> = {
  'up-to-date': ['good', 'Up to date'],
  'on-track': ['info', 'On track'],
  delayed: ['warn', 'Delayed'],
  'waiting-for-budget': ['waiting', 'Waiting for budget'],
  held: ['warn', 'Held'],
  'action-required': ['bad', 'Action required'],
  paused: ['paused', 'Paused'],
  'never-synced': ['neutral', 'Never synced'],
}

export function ConnectionStatus({ connection }: { readonly connection: Connection }) {
  const [tone, name] = states[connection.status.state]
  return <Badge tone={tone}>{name}</Badge>
}
