import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersOk, callJson } from '@clarity/launcher/http'
import { freePorts } from '@clarity/launcher/ports'
import { startProcess } from '@clarity/launcher/processes'
import { Agent, request } from 'undici'

export interface Size {
  readonly users: number
  readonly groups: number
  readonly projects: number
  readonly repositories: number
}

export const consumer = { key: 'bench-key', secret: 'bench-secret' }

/** A simulator in a process of its own with one workspace `acme`, without limits. */
export async function startBitbucket(size: Size) {
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const running = await startProcess({
    name: 'simulator',
    command: process.execPath,
    args: [fileURLToPath(import.meta.resolve('@clarity/bitbucket-simulator/main'))],
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      SIMULATOR_USERS: String(size.users),
      SIMULATOR_GROUPS: String(size.groups),
      SIMULATOR_PROJECTS: String(size.projects),
      SIMULATOR_REPOSITORIES: String(size.repositories),
      SIMULATOR_CONSUMER_KEY: consumer.key,
      SIMULATOR_CONSUMER_SECRET: consumer.secret,
      SIMULATOR_REQUESTS_PER_HOUR: 'unlimited',
    },
    logFile: join(await mkdtemp(join(tmpdir(), 'bench-')), 'simulator.log'),
    readyWhen: () => answersOk(`${url}/readyz`),
  })
  const startMs = Math.round(performance.now() - startedAt)
  const dispatcher = new Agent({ connections: 16 })
  const token = await readToken(url)
  const get = async (path: string) => {
    const response = await request(`${url}${path}`, { dispatcher, headers: { authorization: `Bearer ${token}` } })
    const body = await response.body.arrayBuffer()
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`)
    return body.byteLength
  }
  const truth = await callJson(`${url}/_control/workspaces/acme`)
  const { repositories, projects } = truth.body as { repositories: { slug: string }[]; projects: { key: string }[] }
  return {
    url,
    startMs,
    pid: running.pid,
    get,
    slugs: repositories.map(({ slug }) => slug),
    keys: projects.map(({ key }) => key),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      await running.stop()
    },
  }
}

async function readToken(url: string): Promise<string> {
  const response = await fetch(`${url}/site/oauth2/access_token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${consumer.key}:${consumer.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return String(((await response.json()) as { access_token: string }).access_token)
}
