import './zod-config.ts'
import './styles/tokens.css'
import './styles/base.css'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from './api/problem.ts'
import { sessionQuery } from './features/session/session.ts'
import { createConsoleRouter } from './router.tsx'
import { readTheme, showTheme } from './shell/theme.ts'

const attemptsMax = 2

/** Whoever is let in no more, for their key has ended or was revoked, signs in again and comes back to where they were. */
function signInAgain(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) return
  if (!queryClient.getQueryData(sessionQuery.queryKey)) return
  queryClient.setQueryData(sessionQuery.queryKey, null)
  void router.invalidate()
}

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  mutationCache: new MutationCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      // What the API has refused it will refuse again; only what may pass by itself is tried anew.
      retry: (failures, error) =>
        failures < attemptsMax && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
})

const router = createConsoleRouter(queryClient)

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

showTheme(readTheme())
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
