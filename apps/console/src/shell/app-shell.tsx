import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { answeredWith, client } from '../api/client.ts'
import { sessionQuery } from '../features/session/session.ts'
import { Button } from '../ui/button.tsx'
import styles from './app-shell.module.css'
import { StatusMessage } from './status-message.tsx'
import { type Theme, useTheme } from './theme.ts'

/** What surrounds every page: where one is, whose applications these are, and the way out. */
export function AppShell() {
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.brand}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>Clarity</span>
        </Link>
        <nav aria-label="Main" className={styles.nav}>
          <Link to="/" activeOptions={{ exact: true }}>
            Applications
          </Link>
          <Link to="/marketplace">Marketplace</Link>
          <Link to="/keys">Keys</Link>
          <a href="/docs">API</a>
        </nav>
        <SignedIn />
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <StatusMessage />
        <Outlet />
      </main>
    </>
  )
}

function SignedIn() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => answeredWith(client.DELETE('/v1/session', {})),
    onSettled: () => {
      queryClient.clear()
      return navigate({ to: '/sign-in', search: {} })
    },
  })
  return (
    <div className={styles.signedIn}>
      <ThemeChoice />
      {session && (
        <span className={styles.tenant} title={`Signed in by ${session.caller.name ?? session.caller.id}`}>
          {session.tenant.name}
        </span>
      )}
      <Button look="quiet" size="small" isPending={signOut.isPending} onPress={() => signOut.mutate()}>
        Sign out
      </Button>
    </div>
  )
}

const themeNames: Readonly<Record<Theme, string>> = { system: 'As the device', light: 'Light', dark: 'Dark' }

function ThemeChoice() {
  const [theme, choose] = useTheme()
  return (
    <select
      aria-label="Colours"
      className={styles.theme}
      value={theme}
      onChange={({ currentTarget: { value } }) => {
        if (value === 'system' || value === 'light' || value === 'dark') choose(value)
      }}
    >
      {Object.entries(themeNames).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  )
}
