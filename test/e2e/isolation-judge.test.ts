import type { Truth } from '@clarity/testkit/oracles/access'
import { expect, test } from 'vitest'
import { essenceOf, findMarks, marksOf } from './isolation-judge.ts'

const truthOf = (uuid: string, name: string): Truth => ({
  ...{ uuid: `{${uuid}}`, slug: name.toLowerCase(), name, members: [], groups: [], projects: [], repositories: [] },
  users: [{ uuid: '{u-1}', accountId: null, displayName: `Alma of ${name}`, nickname: 'Alma', type: 'user' }],
})
const marks = marksOf(truthOf('0d3f-1', 'Acme'), truthOf('0d3f-2', 'Globex'), ['con_1a2b'])
const answer = (text: string, status = 404) => ({ status, text, headers: { 'content-type': 'application/json' } })

test('a name, an id or a uuid of another tenant is found wherever it stands', () => {
  expect([...marks]).toEqual(['con_1a2b', '0d3f-1', 'acme', 'Acme', 'Alma of Acme'])
  expect(findMarks(answer('{"items":[{"workspace":{"uuid":"{0d3f-1}"}}]}'), marks, '')).toEqual(['0d3f-1'])
  expect(findMarks(answer('{"detail":"Alma of Acme has it"}'), marks, '')).toEqual(['Acme', 'Alma of Acme'])
  const headers = { location: '/v1/connections/con_1a2b' }
  expect(findMarks({ status: 201, text: '', headers }, marks, '')).toEqual(['con_1a2b'])
})

test('what the caller has said itself, what both have, and a part of a word are no find', () => {
  expect(findMarks(answer('There is no connection con_1a2b'), marks, '/v1/connections/con_1a2b')).toEqual([])
  expect(findMarks(answer('{"nickname":"Alma"}'), marks, '')).toEqual([])
  expect(findMarks(answer('acmeist'), marks, '')).toEqual([])
})

test('an answer that tells a foreign id from one that does not exist is another one', () => {
  const essence = (text: string, id: string, status = 404) => essenceOf(answer(text, status), [id])
  const absent = essence('There is no con_ffff, request 018f4a3e-1b2c-4d5e-8f90-a1b2c3d4e5f6', 'con_ffff')
  expect(essence('There is no con_1a2b, request 4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'con_1a2b')).toBe(absent)
  expect(essence('You may not read con_1a2b', 'con_1a2b')).not.toBe(absent)
  expect(essence('There is no con_1a2b, request 4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'con_1a2b', 403)).not.toBe(
    absent,
  )
  const counted = (people: number) => essence(`{"people":${people},"sequence":7}`, '', 200)
  expect(counted(0)).not.toBe(counted(3))
})
