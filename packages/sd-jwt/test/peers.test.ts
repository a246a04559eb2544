import type { VerificationContext } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { sdJwtVc, verifySdJwt } from '../src/index.ts'
import {
  audience,
  bare,
  codes,
  context,
  digestOf,
  disclosure,
  forged,
  held,
  issuerKey,
  nonce,
  now,
  presented,
  seconds,
} from './fixtures.ts'

// What other libraries accepted (the audit of sd-jwt-js against RFC 9901 and its issues), each
// held here as a refusal.
const format = sdJwtVc()
const bearer: Partial<VerificationContext> = { holderBinding: () => 'bearer' }
const lowLevel = {
  typ: 'dc+sd-jwt',
  findKeys: async () => ({ verified: true, checks: [], keys: [issuerKey.publicJwk] }) as const,
  now,
  clockTolerance: 0,
  keyBinding: { audience, nonce, maxProofAge: 300, withoutKey: 'accepted' },
} as const

describe('sd-jwt-js #388, conformance audit', () => {
  test('an array placeholder with extra members is refused', async () => {
    const encoded = disclosure('salt', 'BY')
    const element = { '...': await digestOf(encoded), extra: 1 }
    const wire = await forged({ ...bare, nationalities: [element] }, [encoded])
    expect(codes(await format.verify(wire, context(bearer)))).toContain('disclosure.malformed')
    const undisclosed = await forged({ ...bare, nationalities: [element] })
    expect(codes(await format.verify(undisclosed, context(bearer)))).toEqual([
      'disclosure.malformed',
    ])
  })

  test('a bare JWT is refused', async () => {
    const jwt = (await forged(bare)).slice(0, -1)
    expect((await format.verify(jwt, context(bearer))).verified).toBe(false)
    expect((await verifySdJwt(jwt, lowLevel)).verified).toBe(false)
  })

  test('a JWT with disclosures but without the final ~ is refused', async () => {
    const encoded = disclosure('salt', 'a', 1)
    const wire = await forged({ ...bare, _sd: [await digestOf(encoded)] }, [encoded])
    expect((await format.verify(wire.slice(0, -1), context(bearer))).verified).toBe(false)
  })

  test('alg none is refused, for the credential and for the key binding', async () => {
    const encode = (value: object) =>
      btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    for (const alg of ['none', 'None', 'HS256']) {
      const unsigned = `${encode({ alg, typ: 'dc+sd-jwt' })}.${encode(bare)}.`
      for (const wire of [`${unsigned}~`, `${unsigned}AA~`]) {
        expect((await format.verify(wire, context(bearer))).verified).toBe(false)
      }
      const wire = await presented(await held(), [])
      const payload = wire.split('~').at(-1)?.split('.')[1]
      const forgedBinding = `${encode({ alg, typ: 'kb+jwt' })}.${payload}.AA`
      const swapped = wire.slice(0, wire.lastIndexOf('~') + 1) + forgedBinding
      expect((await format.verify(swapped, context())).verified).toBe(false)
    }
  })

  test('exp equal to now is expired, of the credential and of the key binding', async () => {
    const wire = await forged({ ...bare, exp: seconds })
    expect(codes(await format.verify(wire, context(bearer)))).toEqual(['credential.expired'])
    expect(codes(await verifySdJwt(wire, lowLevel))).toEqual(['credential.expired'])
  })

  test('a key binding for another audience is refused', async () => {
    const wire = await presented(await held(), [], { audience: 'https://other.example' })
    expect(codes(await format.verify(wire, context()))).toEqual(['holder.audience-mismatch'])
    expect(codes(await verifySdJwt(wire, lowLevel))).toEqual(['holder.audience-mismatch'])
  })

  test('a credential with cnf and without a key binding is refused', async () => {
    const { wire } = await held()
    expect(codes(await format.verify(wire, context()))).toEqual(['holder.binding-missing'])
    expect(codes(await verifySdJwt(wire, lowLevel))).toEqual(['holder.binding-missing'])
  })
})

describe('sd-jwt-js, other issues', () => {
  test('#380: a disclosure that nothing refers to is refused', async () => {
    const wire = await presented(await held(), [['citizen']])
    const [jwt, ...rest] = wire.split('~')
    const more = [jwt, disclosure('salt', 'doctor', true), ...rest].join('~')
    expect(codes(await format.verify(more, context()))).toContain('disclosure.unreferenced')
  })

  test('#314: audience, nonce, time and hash are each compared, whatever the others are', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const wire = await forged({ ...bare, cnf: { jwk: publicJwk as never } })
    const hash = await digestOf(wire)
    const right = { aud: audience, nonce, iat: seconds, sd_hash: hash }
    const bind = async (payload: object) =>
      wire + (await signJws({ typ: 'kb+jwt' }, JSON.parse(JSON.stringify(payload)), signer))
    expect((await format.verify(await bind(right), context())).verified).toBe(true)
    for (const [name, code] of [
      ['aud', 'holder.audience-mismatch'],
      ['nonce', 'holder.nonce-mismatch'],
      ['iat', 'holder.proof-malformed'],
      ['sd_hash', 'holder.proof-malformed'],
    ] as const) {
      for (const value of [undefined, null, '', 0, [right[name]], { x: right[name] }]) {
        const result = await format.verify(await bind({ ...right, [name]: value }), context())
        // 1970 is a time, and long ago.
        expect(codes(result)).toEqual([name === 'iat' && value === 0 ? 'holder.too-old' : code])
      }
    }
    // JWT rules hold for the key binding too.
    for (const [more, code] of [
      [{ exp: seconds }, 'holder.too-old'],
      [{ nbf: seconds + 1 }, 'holder.not-yet-valid'],
      [{ exp: 'x' }, 'holder.proof-malformed'],
    ] as const) {
      expect(codes(await format.verify(await bind({ ...right, ...more }), context()))).toEqual([
        code,
      ])
    }
  })

  test('the type of the key binding is compared', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const wire = await forged({ ...bare, cnf: { jwk: publicJwk as never } })
    const payload = { aud: audience, nonce, iat: seconds, sd_hash: await digestOf(wire) }
    for (const header of [{}, { typ: 'JWT' }, { typ: 'dc+sd-jwt' }]) {
      const result = await format.verify(wire + (await signJws(header, payload, signer)), context())
      expect(codes(result)).toEqual(['jws.type-mismatch'])
    }
  })

  test('the issuer’s key cannot stand in for the holder’s', async () => {
    const { publicJwk } = await createKey('ES256')
    const wire = await forged({ ...bare, cnf: { jwk: publicJwk as never } })
    const payload = { aud: audience, nonce, iat: seconds, sd_hash: await digestOf(wire) }
    const issuerSigner = await jwkSigner({
      privateJwk: issuerKey.privateJwk,
      verificationMethod: '',
    })
    const binding = await signJws({ typ: 'kb+jwt' }, payload, issuerSigner)
    expect(codes(await format.verify(wire + binding, context()))).toEqual([
      'holder.signature-invalid',
    ])
  })
})
