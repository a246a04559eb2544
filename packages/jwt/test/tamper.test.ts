import type { CredentialFormat, Verified } from '@asoba/core'
import { namesIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJws, signJws, vcJwt } from '../src/index.ts'
import { jwtVcV1 } from '../src/v1.ts'
import { context, input, secrets, signer, to } from './fixtures.ts'

const formats: readonly CredentialFormat[] = [vcJwt({ signer }), jwtVcV1({ signer })]
const anything: readonly fc.Arbitrary<unknown>[] = [
  fc.anything(),
  fc.string(),
  fc.json(),
  fc.base64String(),
  fc.array(fc.base64String(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
]

for (const format of formats) {
  const { proof, retained } = await format.prepareHolder(secrets)
  const secured = await format.secure(input, proof)
  const { wire } = await format.present(secured, [], to, retained)
  const judge = (presented: unknown): Promise<Verified<object>> =>
    format.verify(presented, context({ holderBinding: () => 'bearer' }))

  describe(format.id, () => {
    test('never verifies with another character anywhere in it', async () => {
      const token = wire as string
      await fc.assert(
        fc.asyncProperty(fc.nat(token.length - 1), fc.base64String(), async (at, other) => {
          const character = token[at] === (other[0] ?? '.') ? '!' : (other[0] ?? '.')
          const changed = token.slice(0, at) + character + token.slice(at + 1)
          expect((await judge(changed)).verified).toBe(false)
        }),
        { numRuns: 150 },
      )
    })

    test('never throws, and never verifies what nobody signed', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(...anything), async (presented) => {
          expect((await judge(presented)).verified).toBe(false)
          expect(typeof format.recognises(presented)).toBe('boolean')
        }),
        { numRuns: 200 },
      )
    })

    test('never throws at signed claims of any shape', async () => {
      const token = format.id === 'vc+jwt' ? 'vc+jwt' : 'JWT'
      const names = ['@context', 'type', 'issuer', 'credentialSubject', 'credentialStatus']
      const more = ['validUntil', 'vc', 'vp', 'iss', 'sub', 'exp', 'verifiableCredential', 'holder']
      const shape = fc.dictionary(fc.constantFrom(...names, ...more), fc.jsonValue())
      await fc.assert(
        fc.asyncProperty(shape, fc.constantFrom(token, 'vp+jwt'), async (claims, typ) => {
          const signed = await signJws({ typ }, claims as never, signer)
          expect((await judge(signed)).verified).toBe(false)
        }),
        { numRuns: 150 },
      )
    })
  })
}

test('parseJws never throws at a header or payload of any shape', async () => {
  const encode = (value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const binary = String.fromCharCode(...new TextEncoder().encode(text))
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  }
  const content = fc.oneof(fc.jsonValue(), fc.string(), fc.json())
  const header = fc.oneof(fc.record({ alg: fc.constant('ES256'), crit: fc.jsonValue() }), content)
  await fc.assert(
    fc.property(header, content, (one, two) => {
      const result = parseJws(`${encode(one)}.${encode(two)}.AAAA`)
      expect(typeof result.verified).toBe('boolean')
    }),
    { numRuns: 200 },
  )
})

test('parseJws finds a member named twice wherever it is, and never misreads a name', () => {
  const name = fc.constantFrom('a', 'b', 'c', '"', '\\', ':', '{', 'é', '\u0007')
  const members = fc.array(fc.tuple(name, fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 })
  // JSON.parse of Node 24.21 gives such names wrong, and which depends on what it parsed before.
  const unreadable = (key: string) => key === '__proto__' || /["\\\p{Cc}]/u.test(key)
  fc.assert(
    fc.property(members, fc.boolean(), (list, escaped) => {
      const written = (key: string) => (escaped && key === 'é' ? '"\\u00e9"' : JSON.stringify(key))
      const inner = list.map(([key, value]) => `${written(key)}:${JSON.stringify(value)}`)
      const binary = String.fromCharCode(
        ...new TextEncoder().encode(`{"x":[{${inner.join(',')}}]}`),
      )
      const payload = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
      const result = parseJws(`eyJhbGciOiJFUzI1NiJ9.${payload}.AAAA`)
      const names = list.map(([key]) => key)
      if ([...names, ...namesIn(list)].some(unreadable)) {
        expect(result.verified && result.claims).toBeUndefined()
      } else if (new Set(names).size < names.length) {
        expect(result.verified).toBe(false)
      } else {
        const claims = result.verified && result.claims
        expect(JSON.stringify(claims)).toBe(JSON.stringify({ x: [Object.fromEntries(list)] }))
      }
    }),
    { numRuns: 200 },
  )
})
