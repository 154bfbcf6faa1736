import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useTitle } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { sessionQuery } from './session.ts'
import styles from './sign-in-page.module.css'

type Credential = { readonly key: string } | { readonly signInToken: string }

/** Signs in by a key, or by the one-time link that was opened. */
export function SignInPage() {
  useTitle('Sign in')
  const [key, setKey] = useState('')
  const token = useLinkToken()
  const { to = '/' } = useSearch({ from: '/sign-in' })
  const { history } = useRouter()
  const queryClient = useQueryClient()
  const signIn = useMutation({
    mutationFn: (body: Credential) => answered(client.POST('/v1/session', { body })),
    onSuccess: (session) => {
      queryClient.clear()
      queryClient.setQueryData(sessionQuery.queryKey, session)
      history.replace(to)
    },
  })
  const { mutate } = signIn
  const isSent = useRef(false)
  useEffect(() => {
    // It works once.
    if (token === null || isSent.current) return
    isSent.current = true
    mutate({ signInToken: token })
  }, [token, mutate])
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() !== '') mutate({ key: key.trim() })
  }
  const problem = signIn.error && toApiProblem(signIn.error)
  return (
    <main className={styles.page}>
      <h1 className={styles.brand}>
        <img src="/favicon.svg" alt="" width="36" height="36" /> Clarity for Bitbucket
      </h1>
      <Panel title="Sign in">
        {token !== null && signIn.isPending ? (
          <Skeleton lines={2} label="Signing in by the link" />
        ) : (
          <form onSubmit={onSubmit} className="stack">
            {problem && <ErrorState problem={problem} />}
            <TextField
              label="API key"
              type="password"
              name="key"
              autoComplete="off"
              description="A key of your tenant. Whoever runs Clarity for you can also send you a link that signs you in once."
              value={key}
              onChange={setKey}
            />
            <div>
              <Button look="primary" type="submit" isPending={signIn.isPending}>
                Sign in
              </Button>
            </div>
          </form>
        )}
      </Panel>
    </main>
  )
}

/** The token of the link that was opened; taken out of the address at once, so that it stays in no history. */
function useLinkToken(): string | null {
  const token = useRef<string | null | undefined>(undefined)
  if (token.current === undefined) {
    token.current = new URLSearchParams(window.location.hash.slice(1)).get('token')
    if (token.current !== null) window.history.replaceState(window.history.state, '', window.location.pathname)
  }
  return token.current
}
