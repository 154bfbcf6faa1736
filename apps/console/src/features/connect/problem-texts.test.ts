import { expect, it } from 'vitest'
import { textOf } from './problem-texts.ts'

const surroundings = { workspace: 'acme' }
const told = (code: string) => ({ code, message: 'Something else', remedy: 'Do that.' })

it.each([
  ['bad-credentials', /does not know this key and secret.*Copy both again/],
  ['consumer-not-private', /not private.*tick 'This is a private consumer'/],
  ['consumer-without-callback-url', /no callback URL.*https:\/\/claritysecurity\.com/],
  ['workspace-not-found', /cannot see the workspace 'acme'.*it was made in/],
  ['token-kind-unsupported', /accepts the login, but not.*administrator's API token/],
  ['not-permitted', /not who may use it.*administrator/],
  ['gone', /withdrawn a function/],
  ['rate-limited', /used up.*Validate again within the hour/],
  ['unavailable', /does not answer.*entries are kept/],
  ['no-answer', /does not answer/],
  ['address-refused', /refuses our address.*Access controls/],
])('says of %s what to do about it', (code, text) => {
  const said = textOf(told(code), surroundings)
  expect(`${said.text} ${said.remedy}`).toMatch(text)
})

it('says what Read and Admin do not include', () => {
  const missing = (scopes: string[]) => textOf(told('scope-missing'), { ...surroundings, missing: scopes })
  expect(missing(['project'])).toEqual({
    text: 'A permission is missing: Projects: Read.',
    remedy: 'Tick it at the consumer. Admin permissions do not include Read.',
  })
})

it('repeats what the API says of a cause that it does not know', () => {
  expect(textOf(told('brand-new'), surroundings)).toEqual({ text: 'Something else.', remedy: 'Do that.' })
})
