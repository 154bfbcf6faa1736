import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, answered, answeredWith, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { QueryView, toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { type Webhook, webhookQuery } from './settings-queries.ts'

type Asking = 'renew' | 'remove' | null

/** Where Bitbucket delivers hints, so that a change is read at once instead of when its turn comes. */
export function WebhookSection({
  connectionId,
  mayChange,
}: {
  readonly connectionId: string
  readonly mayChange: boolean
}) {
  const queryClient = useQueryClient()
  const [created, setCreated] = useState<Answer<'configureWebhook'> | null>(null)
  const [asking, setAsking] = useState<Asking>(null)
  const { queryKey } = webhookQuery(connectionId)
  const params = { path: { id: connectionId } }
  const make = useMutation({
    mutationFn: () => answered(client.PUT('/v1/connections/{id}/webhook', { params })),
    onSuccess: (webhook) => {
      const { secret: _, ...shown } = webhook
      queryClient.setQueryData(queryKey, shown)
      setCreated(webhook)
      setAsking(null)
    },
  })
  const remove = useMutation({
    mutationFn: () => answeredWith(client.DELETE('/v1/connections/{id}/webhook', { params })),
    onSuccess: () => {
      queryClient.setQueryData(queryKey, null)
      setAsking(null)
    },
  })
  const problem = make.error ?? remove.error
  return (
    <div className="stack">
      <p className="muted">
        Bitbucket tells nothing of permissions by webhooks, but when a project or repository comes, goes or moves it can
        say so at once. It is not needed: without it such changes are found by the next sync.
      </p>
      {problem && asking === null && <ErrorState problem={toApiProblem(problem)} />}
      <QueryView query={useQuery(webhookQuery(connectionId))} skeletonLines={2}>
        {(webhook) =>
          webhook === null ? (
            <div className="stack-small">
              <p>There is no webhook.</p>
              {mayChange && (
                <div>
                  <Button isPending={make.isPending} onPress={() => make.mutate()}>
                    Make the webhook
                  </Button>
                </div>
              )}
            </div>
          ) : (
            <Present webhook={webhook} mayChange={mayChange} onAsk={setAsking} />
          )
        }
      </QueryView>
      {created && (
        <Dialog title="Enter this in Bitbucket" isOpen onClose={() => setCreated(null)}>
          <p>
            In the workspace: Settings, Webhooks, Add webhook. The secret is shown this once; whoever loses it makes a
            new one.
          </p>
          <CopyField label="URL" value={created.url} />
          <CopyField label="Secret" value={created.secret} />
          <Events events={created.events} />
          <Actions>
            <Button look="primary" onPress={() => setCreated(null)}>
              I have entered it
            </Button>
          </Actions>
        </Dialog>
      )}
      {asking && (
        <Dialog
          title={asking === 'renew' ? 'Make a new secret?' : 'Remove the webhook?'}
          isOpen
          onClose={() => setAsking(null)}
        >
          <p>
            {asking === 'renew'
              ? 'The present secret ends at once: what Bitbucket signs with it is refused until you have entered the new one there.'
              : 'What Bitbucket delivers is refused from then on. Remove it in Bitbucket too, or it keeps trying.'}
          </p>
          {problem && <ErrorState problem={toApiProblem(problem)} />}
          <Actions>
            <Button onPress={() => setAsking(null)}>Cancel</Button>
            {asking === 'renew' ? (
              <Button look="primary" isPending={make.isPending} onPress={() => make.mutate()}>
                Make a new secret
              </Button>
            ) : (
              <Button look="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
                Remove the webhook
              </Button>
            )}
          </Actions>
        </Dialog>
      )}
    </div>
  )
}

function Present({
  webhook: { url, events, createdAt },
  mayChange,
  onAsk,
}: {
  readonly webhook: Webhook
  readonly mayChange: boolean
  readonly onAsk: (asking: Asking) => void
}) {
  return (
    <div className="stack">
      <CopyField label="URL" value={url} />
      <Events events={events} />
      <p className="muted small">
        Its secret was made <Time at={createdAt} /> and is not shown again.
      </p>
      {mayChange && (
        <div className="row">
          <Button onPress={() => onAsk('renew')}>New secret</Button>
          <Button look="danger" onPress={() => onAsk('remove')}>
            Remove the webhook
          </Button>
        </div>
      )}
    </div>
  )
}

function Events({ events }: { readonly events: readonly string[] }) {
  return (
    <div className="small">
      <p>Events to choose:</p>
      <ul>
        {events.map((event) => (
          <li key={event}>
            <code>{event}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
