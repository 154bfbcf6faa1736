import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { toCsv } from '@clarity/shared/evidence/to-csv'
import { Secret } from '@clarity/shared/runtime/secret'
import { exampleEvidence } from '@clarity/shared/testing/evidence'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'verify-evidence-'))
afterAll(() => rmSync(folder, { recursive: true }))

const evidence = { ...exampleEvidence, listings: { members: { read: 2000, bitbucketReported: 2001, pages: 20 } } }
const signerOf = (byte: number) => createEvidenceSigner(new Secret(Buffer.alloc(32, byte).toString('base64')))
const [signer, other] = [signerOf(1), signerOf(2)]
const signed = signer.sign(evidence)
const text = JSON.stringify(signed)

test('prints who, what and when and ends with 0 when the evidence is valid', () => {
  const { status, stdout, stderr } = runWith({ document: text })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  for (const said of [
    'acme',
    'bitbucket-acme',
    'syn_88',
    'schedule',
    '2026-11-23T20:45:10.000Z',
    'members 2000 of 2001',
  ]) {
    expect(stdout).toContain(said)
  }
  expect(stdout).toMatch(/\nvalid\n$/)
})

test.each([
  [
    'evidence that was changed',
    { document: text.replace('"read":2000', '"read":2001') },
    /changed after it was signed/,
  ],
  ['the key of another deployment', { document: text, publicKey: other.publicKeyPem }, /signed with key/],
  ['a file that was cut short', { document: text.slice(0, -10) }, /cut short\nDownload it anew/],
  ['an empty file', { document: '' }, /cut short/],
  ['the CSV', { document: toCsv(signed) }, /only the JSON can be verified/],
  ['JSON that is something else', { document: '{"id":1}' }, /no signed evidence/],
  ['a public key that is none', { document: text, publicKey: 'none' }, /public key is not/],
])('ends with 1 and says what is wrong, given %s', (_, files, why) => {
  const { status, stdout, stderr } = runWith(files)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^not valid: /)
  expect(stderr).toMatch(why)
})

test.each([
  ['no file', [], /Usage/],
  ['no public key', ['evidence.json'], /Usage/],
  ['two files', ['a.json', 'b.json', '--public-key', 'key.pem'], /Usage/],
  ['an option that there is not', ['a.json', '--key', 'key.pem'], /Usage/],
  ['a file that is not there', ['absent.json', '--public-key', 'absent.pem'], /absent\.json cannot be read/],
])('ends with 1 and says how to call it, given %s', (_, args, why) => {
  const { status, stderr } = run(args)
  expect(status).toBe(1)
  expect(stderr).toMatch(why)
})

function runWith({ document, publicKey = signer.publicKeyPem }: { document: string; publicKey?: string }) {
  writeFileSync(join(folder, 'evidence.json'), document)
  writeFileSync(join(folder, 'public-key.pem'), publicKey)
  return run(['evidence.json', '--public-key', 'public-key.pem'])
}

/** As npm runs it: the paths are from where npm was called. */
function run(args: readonly string[]) {
  const script = fileURLToPath(new URL('verify-evidence.ts', import.meta.url))
  const env = { ...process.env, INIT_CWD: folder }
  return spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' })
}
