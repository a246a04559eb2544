import { fromBase64url, fromUtf8, type Signer, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { describe, expect, test } from 'vitest'
import { parseJws, signJws, verifyJwsWith } from '../src/index.ts'
import { codes, frozen, issuerKey, part, signer } from './fixtures.ts'

const token = await signJws({ typ: 'JWT' }, { iss: 'https://a.example', n: 1 }, signer)
const [, payload = '', signature = ''] = token.split('.')
const withHeader = (header: string) => `${part(header)}.${payload}.${signature}`
const details = (input: unknown) => {
  const result = parseJws(input)
  return result.verified ? [] : result.problems.map(({ code, detail }) => `${code}: ${detail}`)
}

describe('signJws', () => {
  test('makes what parseJws takes apart and verifyJwsWith accepts', async () => {
    for (const algorithm of ['ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
      const { publicJwk, privateJwk } = await createKey(algorithm)
      const own = await jwkSigner({ privateJwk, verificationMethod: '' })
      const parsed = parseJws(await signJws({ typ: 'x' }, { a: 'ž:"\\":' }, own))
      if (!parsed.verified) throw new Error('expected it to parse')
      expect(parsed.header).toEqual({ alg: algorithm, typ: 'x' })
      expect(parsed.claims).toEqual({ a: 'ž:"\\":' })
      expect(await verifyJwsWith(parsed, [publicJwk])).toBe(true)
      expect(await verifyJwsWith(parsed, [issuerKey.publicJwk])).toBe(false)
      expect(await verifyJwsWith(parsed, [issuerKey.publicJwk, publicJwk])).toBe(true)
      expect(await verifyJwsWith(parsed, [])).toBe(false)
    }
  })

  test('signs bytes as they are', async () => {
    const parsed = parseJws(await signJws({}, utf8('no JSON'), signer))
    expect(parsed.verified && fromUtf8(parsed.payload)).toBe('no JSON')
    expect(parsed.verified && parsed.claims).toBeUndefined()
  })

  test('does not touch what it is given', async () => {
    await signJws(frozen({ typ: 'JWT' }), frozen({ a: { b: [1] } }), signer)
  })

  test('refuses alg, crit and b64 of the caller, an empty payload and a DER signature', async () => {
    for (const name of ['alg', 'crit', 'b64']) {
      await expect(signJws({ [name]: 'ES256' }, {}, signer)).rejects.toThrow(TypeError)
    }
    await expect(signJws({}, new Uint8Array(), signer)).rejects.toThrow(TypeError)
    const der: Signer = { ...signer, sign: async () => new Uint8Array(70) }
    await expect(signJws({}, {}, der)).rejects.toThrow(TypeError)
  })
})

describe('parseJws', () => {
  test('refuses what is no string of three parts', () => {
    for (const bad of [
      undefined,
      1,
      {},
      '',
      '.',
      '..',
      'a.b',
      `${token}.`,
      `${token}.a`,
      `a${token}.b.c`,
    ]) {
      expect(codes(parseJws(bad))).toEqual(['jws.malformed'])
    }
  })

  test('refuses a token that is too long', () => {
    expect(codes(parseJws(token, { maxLength: 10 }))).toEqual(['input.too-large'])
  })

  test('refuses base64url that is padded, of the other alphabet, or not canonical', () => {
    const [header] = token.split('.')
    for (const bad of [
      `${signature}=`,
      `+${signature.slice(1)}`,
      ` ${signature}`,
      `${signature}\n`,
    ]) {
      expect(codes(parseJws(`${header}.${payload}.${bad}`))).toEqual(['jws.malformed'])
    }
    // 64 bytes end in a character with four unused bits; «B» would decode to the same byte as «A».
    expect(codes(parseJws(`${header}.${payload}.${'A'.repeat(85)}B`))).toEqual(['jws.malformed'])
  })

  test('refuses a header that is no JSON object, or nested too deep', () => {
    for (const bad of ['', '[]', '"a"', '{"alg":"ES256"} x', '{"alg":"ES256",}', '['.repeat(99)]) {
      expect(codes(parseJws(withHeader(bad)))).toEqual(['jws.malformed'])
    }
  })

  test('refuses a member named twice in header or payload, however it is escaped', () => {
    for (const bad of ['{"alg":"ES256","alg":"ES256"}', '{"alg":"ES256","\\u0061lg":"ES384"}']) {
      expect(codes(parseJws(withHeader(bad)))).toEqual(['jws.malformed'])
    }
    const twice = part('{"a":{"b":1,"c":":\\"","b":1}}')
    expect(details(`${part({ alg: 'ES256' })}.${twice}.${signature}`)).toEqual([
      'jws.malformed: the JWS payload names a member twice',
    ])
    const once = part('{"a":{"b":1,"c":":\\\\"},"b:":[{"a":"\\":"}]}')
    expect(parseJws(`${part({ alg: 'ES256' })}.${once}.${signature}`).verified).toBe(true)
  })

  test('reads an escaped name as the name that it is, and has no claims where none can be read', () => {
    const withPayload = (text: string) => `${part({ alg: 'ES256' })}.${part(text)}.${signature}`
    for (const bad of ['{"/":1,"\\/":2}', '{"b":1,"\\u0062":2}']) {
      expect(codes(parseJws(withPayload(bad)))).toEqual(['jws.malformed'])
    }
    for (const unreadable of ['{"\\"":1}', '{"a":{"\\n" :1}}', '{"\\u0007":1}']) {
      const parsed = parseJws(withPayload(unreadable))
      expect(parsed.verified && parsed.claims).toBeUndefined()
    }
    for (const good of ['{"\\u0433":"\\n"}', '{"a":"\\"\\n\\\\","b":["\\/:"]}']) {
      const parsed = parseJws(withPayload(good))
      expect(parsed.verified && parsed.claims).toEqual(JSON.parse(good))
    }
  })

  test('leaves out a kid that is no string: it names no key', () => {
    for (const kid of ['7', 'null', '[]', '{"a":1}']) {
      const parsed = parseJws(withHeader(`{"alg":"ES256","kid":${kid}}`))
      expect(parsed.verified && parsed.header).toEqual({ alg: 'ES256' })
    }
  })

  test('refuses alg none in every spelling, MACs and RSA, each by its name', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      expect(details(withHeader(`{"alg":"${alg}"}`))).toEqual([
        'jws.algorithm-unsupported: alg none is no signature',
      ])
    }
    expect(details(withHeader('{"alg":"HS256"}'))[0]).toMatch(/MAC/)
    expect(details(withHeader('{"alg":"RS256"}'))[0]).toMatch(/RSA/)
    expect(details(withHeader('{"alg":"PS512"}'))[0]).toMatch(/RSA/)
    expect(details(withHeader('{"alg":"es256"}'))).toHaveLength(1)
    expect(codes(parseJws(withHeader('{"alg":["ES256"]}')))).toEqual(['jws.header-invalid'])
    expect(codes(parseJws(withHeader('{}')))).toEqual(['jws.header-invalid'])
  })

  test('refuses a token without a signature even where alg is right', () => {
    expect(codes(parseJws(`${part({ alg: 'ES256' })}.${payload}.`))).toEqual(['jws.malformed'])
  })

  test('refuses every crit and every b64, and says all that is wrong with a header', () => {
    for (const crit of ['["exp"]', '["b64"]', '[]', 'null']) {
      expect(codes(parseJws(withHeader(`{"alg":"ES256","crit":${crit}}`)))).toEqual([
        'jws.header-invalid',
      ])
    }
    for (const b64 of ['true', 'false']) {
      expect(codes(parseJws(withHeader(`{"alg":"ES256","b64":${b64}}`)))).toHaveLength(1)
    }
    const all = '{"alg":"none","crit":[],"typ":1,"cty":{},"kid":[],"x5c":"a"}'
    expect(codes(parseJws(withHeader(all)))).toHaveLength(5)
    expect(codes(parseJws(withHeader('{"alg":"ES256","x5c":[]}')))).toHaveLength(1)
  })
})

describe('verifyJwsWith', () => {
  test('never takes a key from the token: an embedded jwk, jku or x5u changes nothing', async () => {
    const mallory = await createKey('ES256')
    const own = await jwkSigner({ privateJwk: mallory.privateJwk, verificationMethod: '' })
    const header = {
      jwk: { ...mallory.publicJwk },
      jku: 'https://mallory.example/jwks',
      x5u: 'https://mallory.example/cert',
    }
    const forged = parseJws(await signJws(header, { iss: 'https://a.example' }, own))
    expect(forged.verified && (await verifyJwsWith(forged, [issuerKey.publicJwk]))).toBe(false)
  })

  test('uses a key for no other algorithm than its own', async () => {
    const ed = await createKey('EdDSA')
    const parsed = parseJws(token)
    expect(parsed.verified && (await verifyJwsWith(parsed, [ed.publicJwk]))).toBe(false)
    const marked = { ...issuerKey.publicJwk, alg: 'ES384' }
    expect(parsed.verified && (await verifyJwsWith(parsed, [marked]))).toBe(false)
    const encryption = { ...issuerKey.publicJwk, use: 'enc' }
    expect(parsed.verified && (await verifyJwsWith(parsed, [encryption]))).toBe(false)
  })

  test('asks the backend that it is given', async () => {
    const parsed = parseJws(token)
    const yes = { verify: async () => true }
    const unable = { verify: async () => undefined }
    const keys = [issuerKey.publicJwk]
    expect(parsed.verified && (await verifyJwsWith(parsed, keys, { backend: yes }))).toBe(true)
    expect(parsed.verified && (await verifyJwsWith(parsed, keys, { backend: unable }))).toBe(false)
  })
})

describe('the fully specified name of an algorithm (RFC 9864)', () => {
  const sign = async (alg: string, by: 'EdDSA' | 'ES256') => {
    const { publicJwk, privateJwk } = await createKey(by)
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const input = `${toBase64url(utf8(JSON.stringify({ alg, kid: 'k' })))}.${toBase64url(utf8('{"a":1}'))}`
    return { publicJwk, token: `${input}.${toBase64url(await signer.sign(utf8(input)))}` }
  }

  test('Ed25519 is read as EdDSA, and verifies by keys of that curve', async () => {
    const { publicJwk, token } = await sign('Ed25519', 'EdDSA')
    const parsed = parseJws(token)
    if (!parsed.verified) throw new Error('refused')
    expect(parsed.header).toEqual({ alg: 'EdDSA', kid: 'k' })
    expect(await verifyJwsWith(parsed, [publicJwk])).toBe(true)
    expect(await verifyJwsWith(parsed, [(await createKey('EdDSA')).publicJwk])).toBe(false)
    expect(await verifyJwsWith(parsed, [(await createKey('ES256')).publicJwk])).toBe(false)
  })

  test('the name is what was signed: it cannot be exchanged for the other', async () => {
    const { publicJwk, token } = await sign('Ed25519', 'EdDSA')
    const [, payload = '', signature = ''] = token.split('.')
    const other = toBase64url(utf8(JSON.stringify({ alg: 'EdDSA', kid: 'k' })))
    const parsed = parseJws(`${other}.${payload}.${signature}`)
    expect(parsed.verified && (await verifyJwsWith(parsed, [publicJwk]))).toBe(false)
  })

  test.each(['Ed448', 'ed25519', 'ESP256', 'Ed25519ph'])('%s is not read', async (alg) => {
    const { token } = await sign(alg, 'EdDSA')
    expect(parseJws(token)).toMatchObject({
      verified: false,
      problems: [{ code: 'jws.algorithm-unsupported' }],
    })
  })

  test('we sign as EdDSA, which everybody reads', async () => {
    const { privateJwk } = await createKey('EdDSA')
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const [header = ''] = (await signJws({}, { a: 1 }, signer)).split('.')
    expect(fromUtf8(fromBase64url(header) ?? new Uint8Array())).toContain('"EdDSA"')
  })
})
