// Says whether a file is evidence that a deployment signed (docs/evidence.md):
//
//   npm run verify-evidence -- <file> --public-key <pem file>
//
// Exit code 0: it is valid. 1: it is not, or could not be looked at; what to do stands beside why.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { SyncEvidence } from '@clarity/shared/contract/evidence'
import { type Verification, verifyEvidence } from '@clarity/shared/evidence/sign'

const result = check(process.argv.slice(2))
if (result.state === 'valid') {
  process.stdout.write(`${summarize(result.evidence).join('\n')}\n\nvalid\n`)
} else {
  process.stderr.write(`not valid: ${result.reason}\n${result.remedy}\n`)
  process.exitCode = 1
}

function check(args: readonly string[]): Verification {
  const paths = parsePaths(args)
  if (paths === null) {
    return invalid(
      'the command needs one file and --public-key',
      'Usage: npm run verify-evidence -- <file> --public-key <pem file>',
    )
  }
  const [document, publicKey] = [readText(paths.document), readText(paths.publicKey)]
  if (document === null) return invalid(`${paths.document} cannot be read`, 'Give the path of the evidence.')
  if (publicKey === null) return invalid(`${paths.publicKey} cannot be read`, 'Give the path of the public key.')
  try {
    return verifyEvidence(JSON.parse(document), publicKey)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return invalid(
      `${paths.document} is not JSON, or was cut short`,
      'Download it anew, with Accept: application/json. The CSV is for reading; only the JSON can be verified.',
    )
  }
}

function parsePaths(args: readonly string[]): { document: string; publicKey: string } | null {
  try {
    const options = { 'public-key': { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [document, ...rest] = positionals
    const publicKey = values['public-key']
    return document === undefined || publicKey === undefined || rest.length > 0 ? null : { document, publicKey }
  } catch {
    return null
  }
}

function readText(path: string): string | null {
  try {
    // npm runs this in the root of the repository; the paths are from where it was called.
    return readFileSync(resolve(process.env.INIT_CWD ?? '', path), 'utf8')
  } catch {
    return null
  }
}

function invalid(reason: string, remedy: string): Verification {
  return { state: 'invalid', reason, remedy }
}

function summarize(evidence: SyncEvidence): string[] {
  const { tenantId, connection, workspace, sync, listings, coverage, notRead, removals, facts, software } = evidence
  const lists = Object.entries(listings).map(
    ([name, { read, bitbucketReported }]) => `${name} ${read} of ${bitbucketReported ?? 'an unknown number'}`,
  )
  return [
    `tenant      ${tenantId}`,
    `connection  ${connection.uniqueIdentifier} (${connection.id}), workspace ${workspace.slug} ${workspace.uuid}`,
    `sync        ${sync.id}: ${sync.kind}, started by ${sync.trigger}, ${sync.state}`,
    `time        ${sync.startedAt ?? 'not started'} to ${sync.finishedAt}`,
    `lists read  ${lists.join(', ') || 'none'}`,
    `scopes      ${coverage.complete} complete, ${coverage.stale} stale, ${coverage.unobservable} unobservable` +
      ` (${notRead.scopes.length + notRead.more} not read)`,
    `removals    ${removals.told.grants} grants and ${removals.told.nestings} nestings told, ${removals.held} held`,
    `facts       ${facts.grants} grants and ${facts.nestings} nestings, SHA-256 ${facts.sha256}`,
    `made by     ${software.name} ${software.version}`,
  ]
}
