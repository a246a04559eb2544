import {
  bytesOfBase64url,
  type PresentationRequest,
  parseJson,
  toBase64url,
  utf8,
  type Vault,
} from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Match } from '../src/index.ts'
import { citizen, contentsOf, issue, now, requestFor, vct, walletWith } from './fixtures.ts'

const secret = 'Planted-Secret-4711'
const caught = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => {
      throw new Error('nothing was thrown')
    },
    (error: unknown) => everythingIn(error),
  )

describe('no error of the wallet', () => {
  test('repeats a claim, a credential or a key', async () => {
    let time = now
    const { wallet, vault } = await walletWith(1, { now: () => time })
    const { wallet: other } = await walletWith(0)
    const claims = { ...citizen, family_name: 'Tajemnaja' }
    const [theirs] = await issue(await other.prepare({ format: 'dc+sd-jwt', count: 1 }), { claims })
    const request = requestFor([['citizen']])
    const [match] = await wallet.match(request)
    const keys = await privateKeysIn(vault)
    expect(keys).toHaveLength(1)
    const planted = `${toBase64url(utf8(JSON.stringify({ typ: 'x', secret })))}.${secret}.x~${secret}~`
    const errors = [
      await caught(wallet.receive(theirs as string)),
      await caught(wallet.receive(planted)),
      await caught(wallet.receive({ credentialSubject: { secret } })),
      await caught(wallet.receive(`${theirs}${secret}~`)),
      await caught(wallet.prepare({ format: secret, count: 1 })),
      await caught(wallet.prepare({ format: 'dc+sd-jwt', count: secret as never })),
      await caught(wallet.match({ ...request, audience: `origin:${secret}` })),
      await caught(wallet.match({ ...request, nonce: `${secret} ` })),
      await caught(wallet.match({ ...request, query: { credentials: [{ id: secret }] } })),
      await caught(wallet.present(request, { ...match, nonce: secret } as Match)),
    ]
    await wallet.present(request, match as Match)
    const again = requestFor([['citizen']])
    const [spent] = await wallet.match(again)
    errors.push(await caught(wallet.present(again, spent as Match)))
    time = new Date('2028-01-01')
    errors.push(await caught(wallet.present(request, match as Match)))
    await wallet.erase()
    errors.push(await caught(wallet.list()))
    for (const text of errors) {
      for (const word of [secret, 'Tajemnaja', 'Bujlo', 'Kanstancyja', ...disclosuresOf(theirs)]) {
        expect(text).not.toContain(word)
      }
      for (const key of keys) expect(text).not.toContain(key)
    }
  })
})

describe('a consent screen', () => {
  test('is not given the values that stay', async () => {
    const { wallet } = await walletWith(1)
    const [match] = await wallet.match(requestFor([['citizen']]))
    const everything = everythingIn({ withheld: match?.withheld, disclosed: match?.disclosed })
    for (const word of ['Bujlo', 'Kanstancyja', '1993-01-14', 'Vilnia']) {
      expect(everything).not.toContain(word)
    }
  })
})

describe('whatever arrives', () => {
  test('as a credential is taken or refused with a code', async () => {
    const { wallet, vault } = await walletWith(0)
    const anything = fc.oneof(fc.string(), fc.object(), jwtLike)
    await fc.assert(
      fc.asyncProperty(anything, async (wire) => {
        const thrown: unknown = await wallet.receive(wire as never).catch((error: unknown) => error)
        expect((thrown as { readonly name: string }).name).toBe('AsobaError')
      }),
      { numRuns: 150 },
    )
    expect(await vault.list()).toEqual([])
  })

  test('as a request is matched or refused with a code', async () => {
    const { wallet } = await walletWith(1)
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ query: fc.jsonValue(), nonce: fc.string(), audience: fc.string() }),
      fc
        .record({ id: fc.string(), meta: fc.jsonValue(), claims: fc.jsonValue() })
        .map((credential) => ({
          ...requestFor([]),
          query: { credentials: [{ format: 'dc+sd-jwt', ...credential }] },
        })),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (request) => {
        const outcome: unknown = await wallet
          .match(request as PresentationRequest)
          .catch((error: unknown) => error)
        const refused = (outcome as { readonly name?: string }).name === 'AsobaError'
        expect(refused || Array.isArray(outcome)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('as a match tells nothing that was not agreed to', async () => {
    const { wallet } = await walletWith(1)
    const request = requestFor([['citizen']])
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (match) => {
        await expect(wallet.present(request, match as Match)).rejects.toMatchObject({
          code: 'wallet.match-stale',
        })
      }),
      { numRuns: 100 },
    )
  })

  test('as an id of a query stays an id', async () => {
    const { wallet } = await walletWith(1)
    const query = {
      credentials: [{ id: 'constructor', format: 'dc+sd-jwt', meta: { vct_values: [vct] } }],
    }
    const request = requestFor([], { query })
    const [match] = await wallet.match(request)
    const { vp_token } = await wallet.present(request, match as Match)
    expect(Object.keys(vp_token)).toEqual(['constructor'])
    expect(Object.getPrototypeOf(vp_token)).toBe(Object.prototype)
  })
})

describe('a vault', () => {
  test('is told random names only', async () => {
    const { vault } = await walletWith(2)
    for (const id of await vault.list()) {
      expect(id).toMatch(/^asoba\/(copy|prepared)\/[A-Za-z0-9_-]{22}$/)
    }
    expect(await contentsOf(vault)).not.toContain('undefined')
  })
})

const jwtLike = fc
  .tuple(
    fc.constantFrom('dc+sd-jwt', 'vc+jwt', ''),
    fc.jsonValue(),
    fc.array(fc.string(), { maxLength: 3 }),
  )
  .map(([typ, payload, disclosures]) => {
    const part = (value: unknown): string => toBase64url(utf8(JSON.stringify(value) ?? ''))
    const parts = disclosures.map((each) => part(['salt', each, each]))
    return [`${part({ alg: 'ES256', typ })}.${part(payload)}.AAAA`, ...parts, ''].join('~')
  })

function disclosuresOf(wire: string | undefined): string[] {
  return (wire ?? '').split('~').filter((part) => part.length > 30)
}

async function privateKeysIn(vault: Vault): Promise<string[]> {
  const keys: string[] = []
  for (const id of await vault.list()) {
    const record = parseJson((await vault.get(id)) ?? '') as { readonly retained: string }
    const key = parseJson(bytesOfBase64url(record.retained)) as { readonly d: string }
    keys.push(key.d)
  }
  return keys
}
