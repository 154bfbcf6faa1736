import { describe, expect, it } from 'vitest'
import { parseWorkspace, proposeIdentifier } from './workspace-reference.ts'

const uuid = '{01234567-89ab-4cde-8f01-23456789abcd}'

describe('workspace', () => {
  it.each([
    ['acme', 'acme'],
    ['  Acme_2.x ', 'Acme_2.x'],
    [uuid, uuid],
    [uuid.slice(1, -1).toUpperCase(), uuid],
    ['https://bitbucket.org/acme', 'acme'],
    ['https://bitbucket.org/acme/', 'acme'],
    ['bitbucket.org/acme/workspace/projects/', 'acme'],
    ['https://bitbucket.org/acme/payments-api/src/main/?at=x', 'acme'],
    [`https://bitbucket.org/${encodeURIComponent(uuid)}/payments-api`, uuid],
    ['https://api.bitbucket.org/2.0/workspaces/acme', 'acme'],
  ])('reads %s', (given, workspace) => {
    expect(parseWorkspace(given)).toBe(workspace)
  })

  it.each([
    '',
    'Acme Industries',
    'https://example.com/acme',
    'https://bitbucket.org.example.com/acme',
    'https://bitbucket.org/',
    'https://bitbucket.org/account/settings',
    'https://bitbucket.org/%E0%A4%A/x',
    '{0123}',
  ])('reads no workspace from %j', (given) => {
    expect(parseWorkspace(given)).toBeNull()
  })

  it.each([
    ['acme', 'bitbucket-acme'],
    ['https://bitbucket.org/Acme_2.x/workspace', 'bitbucket-acme-2-x'],
    [uuid, ''],
    ['no workspace', ''],
    ['_', ''],
  ])('proposes for %s the identifier %j', (given, identifier) => {
    expect(proposeIdentifier(given)).toBe(identifier)
  })

  it('proposes identifiers that are not too long', () => {
    expect(proposeIdentifier('a'.repeat(62))).toHaveLength(63)
  })
})
