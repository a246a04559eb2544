import { bytesOfBase64url, type Json, toBase64url } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { describe, expect, test } from 'vitest'

const key = new Uint8Array(32).fill(7)
const now = new Date('2026-11-24T00:00:00Z')
const expires = new Date('2026-11-24T00:05:00Z')
const purpose = 'verifier request'
const value = { query: 'abc', list: [1, null, true] }

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'opened',
    (error: { readonly code?: unknown }) => error.code,
  )

describe('seal', () => {
  const { seal, unseal } = createSeal(key)

  test('opens what it sealed, in another process that has the key', async () => {
    const text = await seal(value, { expires, purpose })
    expect(text).toMatch(/^[\w-]+$/)
    expect(await createSeal(key.slice()).unseal(text, { now, purpose })).toEqual(value)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['a string', 'Мінск'],
    ['an empty object', {}],
  ])('seals %s', async (_name, json) => {
    expect(await unseal(await seal(json, { expires, purpose }), { now, purpose })).toEqual(json)
  })

  test('never gives the same text twice', async () => {
    expect(await seal(value, { expires, purpose })).not.toBe(
      await seal(value, { expires, purpose }),
    )
  })

  test('shows nothing of what it holds', async () => {
    const text = await seal('marked secret', { expires, purpose })
    const raw = new TextDecoder('latin1').decode(bytesOfBase64url(text))
    expect(raw).not.toContain('marked secret')
    expect(raw).not.toContain('exp')
  })

  test('opens until it expires, and not at that moment', async () => {
    const text = await seal(value, { expires, purpose })
    const at = (time: number) => codeOf(unseal(text, { now: new Date(time), purpose }))
    expect(await at(expires.getTime() - 1)).toBe('opened')
    expect(await at(expires.getTime())).toBe('seal.expired')
    expect(await at(Number.NaN)).toBe('seal.expired')
  })

  test('refuses another key, another purpose, and text of others', async () => {
    const text = await seal(value, { expires, purpose })
    const other = createSeal(new Uint8Array(32).fill(8))
    expect(await codeOf(other.unseal(text, { now, purpose }))).toBe('seal.invalid')
    expect(await codeOf(unseal(text, { now, purpose: 'other' }))).toBe('seal.invalid')
    for (const foreign of ['', 'A', 'not base64url!', 'AQ', 'A'.repeat(60_000), `${text}=`]) {
      expect(await codeOf(unseal(foreign, { now, purpose }))).toBe('seal.invalid')
    }
    expect(await codeOf(unseal(undefined as unknown as string, { now, purpose }))).toBe(
      'seal.invalid',
    )
  })

  test('refuses a text of which any one byte was changed, cut off or added', async () => {
    const bytes = bytesOfBase64url(await seal('v', { expires, purpose }))
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      expect(await codeOf(unseal(toBase64url(changed), { now, purpose }))).toBe('seal.invalid')
    }
    for (const other of [bytes.slice(0, -1), Uint8Array.of(...bytes, 0)]) {
      expect(await codeOf(unseal(toBase64url(other), { now, purpose }))).toBe('seal.invalid')
    }
  })

  test('seals up to its bound and no more', async () => {
    const most = 'a'.repeat(32_000)
    expect(await unseal(await seal(most, { expires, purpose }), { now, purpose })).toBe(most)
    await expect(seal('a'.repeat(33_000), { expires, purpose })).rejects.toThrow(TypeError)
  })

  test('refuses a key of another length, and a date that is none', async () => {
    expect(() => createSeal(new Uint8Array(16))).toThrow(TypeError)
    await expect(seal(value, { expires: new Date('x'), purpose })).rejects.toThrow(TypeError)
  })

  test('keeps a key of its own', async () => {
    const mine = key.slice()
    const early = createSeal(mine)
    mine.fill(0)
    const text = await early.seal(value, { expires, purpose })
    expect(await unseal(text, { now, purpose })).toEqual(value)
  })
})
