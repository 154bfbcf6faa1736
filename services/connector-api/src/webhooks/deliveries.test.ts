import { describe, expect, test } from 'vitest'
import { hintOf, isSigned } from './deliveries.ts'

describe('a delivery', () => {
  // The vector of api.md, section 10.
  const [secret, body] = ["It's a Secret to Everybody", Buffer.from('Hello World!')]
  const signature = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9'

  test('is believed when it is signed with the secret', () => {
    expect(isSigned(body, signature, secret)).toBe(true)
  })

  test.each([
    ['another secret', signature, 'other'],
    ['no signature', '', secret],
    ['a signature of another form', signature.replace('sha256', 'sha1'), secret],
    ['a signature that is cut', signature.slice(0, -2), secret],
    ['zeros', `sha256=${'0'.repeat(64)}`, secret],
  ])('with %s is not', (_name, given, key) => {
    expect(isSigned(body, given, key)).toBe(false)
  })

  test('with another body is not', () => {
    expect(isSigned(Buffer.from('Hello World?'), signature, secret)).toBe(false)
  })

  test.each([
    ['repo:created', { repository: { uuid: '{r1}' } }, { list: 'workspace/repositories', resource: 'repository/r1' }],
    ['repo:deleted', { repository: { uuid: '{r1}' } }, { list: 'workspace/repositories', resource: 'repository/r1' }],
    ['repo:transfer', {}, { list: 'workspace/repositories', resource: null }],
    ['repo:updated', { repository: { uuid: '{r1}' } }, { list: null, resource: 'repository/r1' }],
    ['project:updated', { project: { uuid: '{p1}' } }, { list: 'workspace/projects', resource: 'project/p1' }],
    ['repo:push', { repository: { uuid: '{r1}' } }, null],
    ['repo:updated', { repository: { uuid: 1 } }, null],
    ['repo:updated', null, null],
  ])('%s with %j hints at %j', (event, payload, hint) => {
    expect(hintOf(event, payload)).toEqual(hint)
  })
})
