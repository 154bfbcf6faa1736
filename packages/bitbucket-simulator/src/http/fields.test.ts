import { expect, test } from 'vitest'
import { selectFields } from './fields.ts'
import { condensed } from './json.ts'

const source = {
  next: 'n',
  size: 2,
  values: [
    { uuid: 'a', user: condensed({ name: 'A', links: { self: 's' } }, { status: 'active' }) },
    { uuid: 'b', user: condensed({ name: 'B', links: { self: 't' } }, { status: 'closed' }) },
  ],
}
const whole = JSON.parse(JSON.stringify(source))

test.each([
  ['nothing leaves all', null, whole],
  ['empty leaves all', '', whole],
  ['a whitelist drops what it does not name, next too', 'values.uuid', { values: [{ uuid: 'a' }, { uuid: 'b' }] }],
  ['a whitelist keeps the next that it names', 'next,size', { next: 'n', size: 2 }],
  [
    'paths of one whitelist meet in one row',
    'values.uuid,values.user.name',
    {
      values: [
        { uuid: 'a', user: { name: 'A' } },
        { uuid: 'b', user: { name: 'B' } },
      ],
    },
  ],
  [
    '+ brings what is shown on request',
    '+values.user.status,-values.user.links,-size,-values.uuid',
    {
      next: 'n',
      values: [{ user: { name: 'A', status: 'active' } }, { user: { name: 'B', status: 'closed' } }],
    },
  ],
  ['- with a wildcard empties the level', '-*', {}],
  ['terms work from left to right', '-*,+size', { size: 2 }],
  [
    'a wildcard whitelists a level',
    'values.user.*',
    {
      values: [
        { user: { name: 'A', links: { self: 's' }, status: 'active' } },
        { user: { name: 'B', links: { self: 't' }, status: 'closed' } },
      ],
    },
  ],
  ['an unescaped plus is a space and matches nothing', ' size', {}],
  ['unknown names match nothing, inherited ones too', 'nope,constructor,__proto__,size', { size: 2 }],
])('%s', (_, fields, expected) => {
  const selected = selectFields(source, fields)
  expect(JSON.parse(JSON.stringify(selected))).toEqual(expected)
  expect(JSON.parse(JSON.stringify(source))).toEqual(whole)
})
