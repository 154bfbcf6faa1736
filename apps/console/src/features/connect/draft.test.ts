import { describe, expect, it } from 'vitest'
import { newDraft, parseDraft, serialiseDraft } from './draft.ts'
import { createDraftStore } from './draft-store.ts'

const draft = { ...newDraft('Europe/Berlin'), name: 'Bitbucket Acme', key: 'consumer-key' }

describe('draft', () => {
  it('comes back as it was typed', () => {
    expect(parseDraft(serialiseDraft(draft), 'UTC')).toEqual(draft)
  })

  it('begins anew where nothing that was kept can be read', () => {
    for (const kept of [null, '', '{', 'null', '7']) expect(parseDraft(kept, 'UTC')).toEqual(newDraft('UTC'))
  })

  it('keeps what it can of a draft of another release', () => {
    const kept = JSON.stringify({
      name: 'Acme',
      schedule: 'every-full-moon',
      attributes: ['shoeSize'],
      moreCredentials: 3,
    })
    expect(parseDraft(kept, 'UTC')).toEqual({ ...newDraft('UTC'), name: 'Acme' })
  })

  it('keeps nothing that is no field of it, such as a secret', () => {
    const moreCredentials = [{ kind: 'api-token' as const, key: 'ada@example.com', token: 'hidden-token' }]
    const kept = serialiseDraft({ ...draft, secret: 'hidden-secret', moreCredentials } as typeof draft)
    expect(kept).toContain('ada@example.com')
    expect(kept).not.toContain('hidden')
  })
})

describe('draft store', () => {
  it('keeps the drafts of tenants apart, and forgets one alone', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }
    const [acme, globex] = [createDraftStore(storage, 'acme'), createDraftStore(storage, 'globex')]
    acme.write(draft)
    globex.write({ ...draft, name: 'Globex' })
    expect(acme.read().name).toBe('Bitbucket Acme')
    acme.clear()
    expect(acme.read().name).toBe('')
    expect(globex.read().name).toBe('Globex')
  })

  it('does without where the browser keeps nothing', () => {
    const refuse = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const store = createDraftStore({ getItem: refuse, setItem: refuse, removeItem: refuse }, 'acme')
    store.write(draft)
    expect(store.read().name).toBe('')
  })
})
