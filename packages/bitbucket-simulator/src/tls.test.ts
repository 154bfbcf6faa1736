import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { notRun } from '@clarity/testkit/not-run'
import { expect, test } from 'vitest'
import { createSimulator, readTls } from './index.ts'

test('with key and certificate it answers by TLS', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
    execFileSync('openssl', [...args, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return notRun(context, 'openssl is not installed')
  }
  const tls = await readTls(key, cert)
  await using simulator = await createSimulator({ tls })
  rmSync(folder, { recursive: true })
  expect(simulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const status = await new Promise((resolve, reject) => {
    const options = { ca: tls.cert, servername: 'localhost' }
    request(`${simulator.url}/readyz`, options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(200)
})
