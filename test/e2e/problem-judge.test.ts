import { expect, test } from 'vitest'
import { findFaults } from './problem-judge.ts'

const problem = {
  type: 'urn:clarity:problem:invalid-request',
  title: 'Bad Request',
  status: 400,
  detail: 'limit: is not a number',
  remedy: 'Correct the fields named under "errors".',
  errors: [{ field: 'limit', message: 'is not a number', remedy: 'Correct limit and send it again.' }],
  requestId: 'r-1',
}
const headers = { 'content-type': 'application/problem+json; charset=utf-8', 'x-request-id': 'r-1' }
const faultsOf = (changed: object, sent = {}, status = 400, others = {}) =>
  findFaults(
    { status, headers: { ...headers, ...others }, text: JSON.stringify({ ...problem, ...changed }) },
    { field: 'limit', secrets: [], ...sent },
  )

test('a problem document that names the field has no fault, and an answer that is no refusal has none either', () => {
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({}, { field: 'limit.0' })).toEqual([])
  expect(findFaults({ status: 200, headers: {}, text: '{"items":[]}' }, { field: 'limit', secrets: [] })).toEqual([])
})

test.each([
  ['an error of ours', () => faultsOf({ status: 500 }, {}, 500), 'it is an error of ours: 500'],
  ['another type', () => faultsOf({}, {}, 400, { 'content-type': 'application/json' }), 'it is no problem document'],
  ['no remedy', () => faultsOf({ remedy: '' }), 'remedy is missing'],
  ['another status', () => faultsOf({ status: 422 }), 'it says 422 in a 400'],
  ['another request', () => faultsOf({ requestId: 'r-2' }), 'the header has another request id'],
  ['another field', () => faultsOf({}, { field: 'cursor' }), 'errors do not name cursor'],
  ['no field', () => faultsOf({ errors: undefined }), 'errors do not name limit'],
  ['a stack', () => faultsOf({ detail: 'Error\n    at read (x)' }), 'it tells how we are made: \\n    at '],
  ['a path', () => faultsOf({ detail: '/app/src/routes' }), 'it tells how we are made: /src/'],
  [
    'a secret',
    () => faultsOf({ detail: 'not "s3cret\\"-of-mine"' }, { secrets: ['s3cret\\"-of-mine'] }),
    'it repeats a secret',
  ],
  ['no body', () => findFaults({ status: 400, headers, text: '' }, { field: null, secrets: [] }), 'type is missing'],
])('%s is found', (_name, faults, expected) => {
  expect(faults()).toContain(expected)
})
