import type { Json, JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { openSdJwt, sdJwtToJson, verifySdJwt } from '../src/index.ts'
import { codes, digestOf, disclosure, forged, issuerKey, now } from './fixtures.ts'

async function open(payload: JsonObject, disclosures: readonly string[] = []) {
  return openSdJwt(await forged(payload, disclosures))
}

const name = disclosure('salt-1', 'given_name', 'Alesia')
const element = disclosure('salt-2', 'BY')
const nameDigest = await digestOf(name)
const elementDigest = await digestOf(element)

describe('RFC 9901 section 7.1', () => {
  test('puts a disclosed property and a disclosed element in their places', async () => {
    const opened = await open(
      { _sd: [nameDigest], nationalities: ['PL', { '...': elementDigest }], _sd_alg: 'sha-256' },
      [name, element],
    )
    expect(opened).toMatchObject({
      verified: true,
      claims: { given_name: 'Alesia', nationalities: ['PL', 'BY'] },
    })
    expect(opened.verified && Object.keys(opened.claims)).toEqual(['nationalities', 'given_name'])
  })

  test('leaves out what was not disclosed, decoys too', async () => {
    const opened = await open({
      _sd: [nameDigest],
      list: [{ '...': elementDigest }],
      o: { _sd: [] },
    })
    expect(opened.verified && opened.claims).toEqual({ list: [], o: {} })
  })

  const refusals: readonly [string, JsonObject, readonly string[], string][] = [
    [
      '3.3.2.1: a disclosure of an element for a property',
      { _sd: [elementDigest] },
      [element],
      'disclosure.malformed',
    ],
    [
      '3.3.3.1: a disclosure of a property for an element',
      { list: [{ '...': nameDigest }] },
      [name],
      'disclosure.malformed',
    ],
    [
      '3.3.2.3: a name that is there already',
      { given_name: 'x', _sd: [nameDigest] },
      [name],
      'disclosure.name-taken',
    ],
    [
      '4: a digest twice in one place',
      { _sd: [nameDigest, nameDigest] },
      [name],
      'disclosure.duplicate',
    ],
    [
      '4: a digest twice in two places',
      { _sd: [nameDigest], o: { _sd: [nameDigest] } },
      [name],
      'disclosure.duplicate',
    ],
    ['4: a decoy twice', { _sd: ['x'], list: [{ '...': 'x' }] }, [], 'disclosure.duplicate'],
    ['5: a disclosure that nothing refers to', {}, [name], 'disclosure.unreferenced'],
    ['a disclosure sent twice', { _sd: [nameDigest] }, [name, name], 'disclosure.duplicate'],
    ['2.5: an unknown _sd_alg', { _sd_alg: 'md5' }, [], 'disclosure.hash-unsupported'],
    [
      '2.5: an _sd_alg that is no text',
      { _sd_alg: ['sha-256'] },
      [],
      'disclosure.hash-unsupported',
    ],
    ['2.5: an _sd_alg in capitals', { _sd_alg: 'SHA-256' }, [], 'disclosure.hash-unsupported'],
    ['_sd_alg below the top', { o: { _sd_alg: 'sha-256' } }, [], 'disclosure.malformed'],
    ['_sd that is no array', { _sd: 'x' }, [], 'disclosure.malformed'],
    ['_sd that holds a number', { _sd: [1] }, [], 'disclosure.malformed'],
    [
      'an array placeholder with another member',
      { list: [{ '...': elementDigest, x: 1 }] },
      [element],
      'disclosure.malformed',
    ],
    [
      'an array placeholder whose digest is no text',
      { list: [{ '...': 1 }] },
      [],
      'disclosure.malformed',
    ],
    ['a claim named ...', { '...': 'x' }, [], 'disclosure.malformed'],
  ]
  test.each(refusals)('refuses %s', async (_what, payload, disclosures, code) => {
    expect(codes(await open(payload, disclosures))).toContain(code)
  })

  const malformed: readonly [string, string][] = [
    ['no base64url', 'WyJh+'],
    ['base64url with padding', `${disclosure('salt', 'a', 1)}=`],
    ['no JSON', 'AAAA'],
    ['no array', disclosure().replace(/^.*$/, 'e30')],
    ['one element', disclosure('salt')],
    ['four elements', disclosure('salt', 'a', 1, 2)],
    ['a salt that is no text', disclosure(1, 'a', 1)],
    ['a name that is no text', disclosure('salt', 1, 1)],
    ['a claim named _sd', disclosure('salt', '_sd', [])],
    ['a claim named ...', disclosure('salt', '...', 1)],
    ['a claim named __proto__', disclosure('salt', '__proto__', { admin: true })],
    ['a value with a member __proto__', 'WyJzYWx0IiwiYSIseyJfX3Byb3RvX18iOnt9fV0'],
  ]
  test.each(malformed)('refuses a disclosure of %s', async (_what, encoded) => {
    const result = await open({ _sd: [await digestOf(encoded)] }, [encoded])
    expect(codes(result)).toContain('disclosure.malformed')
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })

  test('refuses to disclose _sd_alg', async () => {
    const encoded = disclosure('salt', '_sd_alg', 'sha-512')
    expect(codes(await open({ _sd: [await digestOf(encoded)] }, [encoded]))).toContain(
      'disclosure.malformed',
    )
  })

  test('processes recursive disclosures, and refuses the inner one without the outer', async () => {
    const inner = disclosure('s1', 'locality', 'Hrodna')
    const outer = disclosure('s2', 'place_of_birth', { _sd: [await digestOf(inner)] })
    const payload = { _sd: [await digestOf(outer)] }
    const both = await open(payload, [inner, outer])
    expect(both.verified && both.claims).toEqual({ place_of_birth: { locality: 'Hrodna' } })
    expect(codes(await open(payload, [inner]))).toEqual(['disclosure.unreferenced'])
  })

  test('a name may be disclosed that objects inherit', async () => {
    const encoded = disclosure('salt', 'constructor', 1)
    const opened = await open({ _sd: [await digestOf(encoded)] }, [encoded])
    expect(opened.verified && opened.claims).toEqual({ constructor: 1 })
  })

  test('refuses disclosures that nest deeper than the limit', async () => {
    let encoded = disclosure('salt', 'x', 1)
    const all = [encoded]
    for (let depth = 0; depth < 80; depth++) {
      encoded = disclosure('salt', 'x', { _sd: [await digestOf(encoded)] })
      all.push(encoded)
    }
    expect(codes(await open({ _sd: [await digestOf(encoded)] }, all))).toContain(
      'disclosure.malformed',
    )
  })

  test('says all that is wrong at once', async () => {
    const result = await open({ _sd: [nameDigest, nameDigest], list: [{ '...': 1 }] }, [
      name,
      element,
    ])
    expect(codes(result).toSorted()).toEqual([
      'disclosure.duplicate',
      'disclosure.malformed',
      'disclosure.unreferenced',
    ])
  })

  test.each([
    ['sha-384', 'SHA-384'],
    ['sha-512', 'SHA-512'],
  ])('understands %s', async (sdAlg, web) => {
    const bytes = await crypto.subtle.digest(web, new TextEncoder().encode(name))
    const digest = btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
    const opened = await open({ _sd: [digest], _sd_alg: sdAlg }, [name])
    expect(opened.verified && opened.claims).toEqual({ given_name: 'Alesia' })
  })
})

describe('bounds', () => {
  test('refuses what is longer than the limit', () => {
    expect(codes(openSdJwt(`a.b.c~${'x'.repeat(1_100_000)}~`))).toEqual(['input.too-large'])
  })

  test('refuses more disclosures than the limit', async () => {
    expect(codes(openSdJwt(await forged({}, new Array(1025).fill('WyJhIiwxXQ'))))).toEqual([
      'input.too-large',
    ])
    expect(codes(openSdJwt(await forged({}, new Array(1024).fill('WyJhIiwxXQ'))))).not.toContain(
      'input.too-large',
    )
  })

  test('refuses every other kind of value', () => {
    for (const value of [
      undefined,
      null,
      1,
      true,
      [],
      {},
      '',
      '~',
      'a~',
      'a.b.c',
      new Uint8Array(3),
    ]) {
      expect(openSdJwt(value).verified).toBe(false)
    }
  })
})

describe('JSON serialisation', () => {
  const options = {
    typ: 'dc+sd-jwt',
    findKeys: async () => ({ verified: true, checks: [], keys: [issuerKey.publicJwk] }) as const,
    now,
    clockTolerance: 0,
    keyBinding: 'as-issued',
  } as const

  test('means the same as the compact form', async () => {
    const compact = await forged({ _sd: [nameDigest] }, [name])
    for (const form of ['flattened', 'general'] as const) {
      const result = await verifySdJwt(sdJwtToJson(compact, { form }), options)
      expect(result).toMatchObject({ verified: true, claims: { given_name: 'Alesia' } })
    }
  })

  test('never reads an unprotected parameter but the two that are meant for it', async () => {
    const json = sdJwtToJson(await forged({ a: 1 }), { form: 'flattened' })
    const header = { ...(json['header'] as JsonObject), alg: 'none', typ: 'x', kid: 'y', jwk: {} }
    expect((await verifySdJwt({ ...json, header }, options)).verified).toBe(true)
  })

  test('refuses disclosures in another than the first header, and mixed forms', async () => {
    const general = sdJwtToJson(await forged({ a: 1 }), { form: 'general' })
    const [first] = general['signatures'] as readonly JsonObject[]
    const second = { ...first, header: { disclosures: [] } } as Json
    expect(openSdJwt({ ...general, signatures: [first as Json, second] }).verified).toBe(false)
    expect(openSdJwt({ ...general, signature: 'AA' }).verified).toBe(false)
    expect(openSdJwt({ ...general, signatures: [] }).verified).toBe(false)
  })

  test('refuses a part that smuggles a separator', async () => {
    const json = sdJwtToJson(await forged({ _sd: [nameDigest] }, [name]), { form: 'flattened' })
    const header = { disclosures: [`${name}~${element}`] }
    expect(openSdJwt({ ...json, header }).verified).toBe(false)
  })

  test('cannot be made of a bare JWT', () => {
    expect(() => sdJwtToJson('a.b.c', { form: 'flattened' })).toThrow(TypeError)
  })
})
