import {
  type JsonObject,
  toBase64url,
  utf8,
  type Verified,
  type VerifiedCredential,
} from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { sdJwtVc } from '../src/index.ts'
import { vcSdJwt } from '../src/vcdm.ts'
import {
  bare,
  codes,
  context,
  digestOf,
  disclosure,
  forged,
  held,
  issuer,
  issuerKey,
  presented,
  seconds,
  signer,
} from './fixtures.ts'

const bearer = context({ holderBinding: () => 'bearer' })
const judge = (wire: string) => sdJwtVc().verify(wire, bearer)
/** A disclosure as somebody else's software writes it. */
const written = (text: string) => toBase64url(utf8(text))
const claimsOf = (result: Verified<VerifiedCredential>): JsonObject | readonly string[] =>
  result.verified ? result.claims : codes(result)

/** The credential with one claim behind a digest, and the disclosure sent or not. */
async function hiding(encoded: string, payload: JsonObject, sent: boolean): Promise<string> {
  return forged({ ...payload, _sd: [await digestOf(encoded)] }, sent ? [encoded] : [])
}

describe('what a disclosure says is what every reader reads in it', () => {
  const unlike: readonly [string, string][] = [
    ['a member twice', '["salt","a",{"x":1,"x":2}]'],
    ['a member twice, once escaped', '["salt","a",{"x":1,"\\u0078":2}]'],
    ['a member twice, deep in it', '["salt","a",[{"b":{"x":1,"x":1}}]]'],
    ['a whole number beyond 2^53', '["salt","a",9007199254740993]'],
    ['a number that no double holds', '["salt","a",1e400]'],
    ['half a character', '["salt","a","\\ud800"]'],
    ['half a character as its name', '["salt","\\ud800",1]'],
  ]
  test.each(unlike)('refuses %s', async (_what, text) => {
    const encoded = written(text)
    expect(codes(await judge(await hiding(encoded, bare, true)))).toEqual(['disclosure.malformed'])
    // A wallet takes none of it either: it would show one thing and send another.
    const wire = await hiding(encoded, bare, true)
    expect(() => sdJwtVc().view({ format: 'dc+sd-jwt', wire })).toThrow()
  })

  test.each(unlike.slice(0, 6))('refuses %s in an element of an array too', async (_what, text) => {
    const encoded = written(text.replace('"salt","a"', '"salt"'))
    const payload = { ...bare, list: [{ '...': await digestOf(encoded) }] }
    expect(codes(await judge(await forged(payload, [encoded])))).toEqual(['disclosure.malformed'])
  })

  test('reads another spelling of a name, a text and a number as what it spells', async () => {
    const encoded = written('[ "salt" , "\\u0061" , ["\\u00e9", 1E2, -0, 1.0] ]')
    const result = await judge(await hiding(encoded, bare, true))
    expect(claimsOf(result)).toEqual({ ...bare, a: ['é', 100, -0, 1] })
  })

  test('keeps names apart that Unicode only normalises to one', async () => {
    const [one, two] = ['caf\u00e9', 'cafe\u0301'] as const
    const encoded = disclosure('salt', two, 2)
    const result = await judge(await hiding(encoded, { ...bare, [one]: 1 }, true))
    expect(claimsOf(result)).toEqual({ ...bare, [one]: 1, [two]: 2 })
  })

  test('finds one name in the open and disclosed, however it is escaped', async () => {
    const encoded = written('["salt","\\u0061",2]')
    expect(codes(await judge(await hiding(encoded, { ...bare, a: 1 }, true)))).toContain(
      'disclosure.name-taken',
    )
    const nested = { ...bare, o: { a: 1, _sd: [await digestOf(encoded)] } }
    expect(codes(await judge(await forged(nested, [encoded])))).toContain('disclosure.name-taken')
  })

  test('refuses two disclosures of one name, and reads the one that is sent alone', async () => {
    // An issuer that signs both lets its holder choose; nobody else sees the other.
    const [no, yes] = [disclosure('1', 'citizen', false), disclosure('2', 'citizen', true)]
    const payload = { ...bare, _sd: [await digestOf(no), await digestOf(yes)] }
    expect(codes(await judge(await forged(payload, [no, yes])))).toContain('disclosure.name-taken')
    const wire = await forged(payload, [no, yes])
    expect(() => sdJwtVc().view({ format: 'dc+sd-jwt', wire })).toThrow()
    expect(claimsOf(await judge(await forged(payload, [yes])))).toEqual({ ...bare, citizen: true })
  })
})

describe('a claim that the credential is judged by', () => {
  const values: Readonly<Record<string, JsonObject[string]>> = {
    iss: issuer,
    nbf: seconds - 10,
    exp: seconds + 10,
    cnf: { jwk: issuerKey.publicJwk as unknown as JsonObject },
    vct: bare['vct'] as string,
    'vct#integrity': 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    aka_vcts: ['https://other.example/type'],
    status: { status_list: { idx: 1, uri: 'https://registry.example/status/1' } },
  }
  const names = Object.entries(values)

  test.each(names)('is refused in a disclosure: %s', async (name, value) => {
    const { [name]: _open, ...rest } = bare
    const wire = await hiding(disclosure('salt', name, value), rest, true)
    expect(codes(await judge(wire))).toContain('disclosure.forbidden')
    // So a holder never gets a credential whose end or status could be withheld.
    expect(() => sdJwtVc().view({ format: 'dc+sd-jwt', wire })).toThrow()
  })

  test.each(names)('is refused in the open and disclosed at once: %s', async (name, value) => {
    const wire = await hiding(disclosure('salt', name, value), { ...bare, [name]: value }, true)
    expect(codes(await judge(wire))).toContain('disclosure.name-taken')
  })

  test.each(names)('is one of the subject below the top: %s', async (name, value) => {
    const encoded = disclosure('salt', name, value)
    const payload = { ...bare, inner: { _sd: [await digestOf(encoded)] } }
    const result = await judge(await forged(payload, [encoded]))
    expect(claimsOf(result)).toEqual({ ...bare, inner: { [name]: value } })
    expect(result.verified && result.validUntil).toEqual(new Date((seconds + 1000) * 1000))
    expect(result.verified && [result.status, result.holder.proven]).toEqual([[], false])
  })

  test.each(['status', 'cnf'])('is refused where a part of it is hidden: %s', async (name) => {
    const encoded = disclosure('salt', 'x', 1)
    const payload = { ...bare, [name]: { inner: { _sd: [await digestOf(encoded)] } } }
    for (const sent of [[], [encoded]]) {
      expect(codes(await judge(await forged(payload, sent)))).toContain('disclosure.forbidden')
    }
  })

  test('that is missing is never taken from elsewhere', async () => {
    const { vct, iss: _iss, ...open } = bare
    for (const payload of [
      { ...open, iss: issuer, inner: { vct } },
      { ...open, vct, inner: { iss: issuer } },
    ]) {
      expect(codes(await judge(await forged(payload as JsonObject)))).toContain('issuer.untrusted')
    }
    const inHeader = await forged({ ...open, vct } as JsonObject, [], { iss: issuer })
    expect(codes(await judge(inHeader))).toContain('issuer.untrusted')
  })

  // Nobody can see what a digest hides. That an issuer hides no end is for the issuer, and for the
  // wallet, which refuses such a credential above.
  test.each(['exp', 'nbf', 'status'])(
    'cannot be known where its digest alone is sent: %s',
    async (name) => {
      const { [name]: _open, ...rest } = bare
      const encoded = disclosure('salt', name, values[name] as JsonObject[string])
      expect(claimsOf(await judge(await hiding(encoded, rest, false)))).toEqual(rest)
    },
  )

  test('a hidden cnf makes no bearer where the type is bound', async () => {
    const encoded = disclosure('salt', 'cnf', values['cnf'] as JsonObject)
    const wire = await hiding(encoded, bare, false)
    expect(codes(await sdJwtVc().verify(wire, context()))).toEqual(['holder.binding-missing'])
  })
})

describe('a payload and a key binding', () => {
  const sign = async (payload: string, header = '{"alg":"ES256","typ":"dc+sd-jwt"}') => {
    const input = `${written(header)}.${written(payload)}`
    return `${input}.${toBase64url(await signer.sign(utf8(input)))}~`
  }
  const text = JSON.stringify(bare)

  test.each([
    ['exp twice', text.replace('{', '{"exp":1,')],
    ['exp twice, once escaped', text.replace('{', '{"\\u0065xp":9999999999,')],
    ['_sd twice', text.replace('{', '{"_sd":[],"_sd":["x"],')],
    ['__proto__', text.replace('{', '{"__proto__":{"exp":1},')],
    ['a whole number beyond 2^53', text.replace('{', '{"n":9007199254740993,')],
    ['half a character', text.replace('{', '{"n":"\\ud800",')],
  ])('are refused with %s', async (_what, payload) => {
    expect((await judge(await sign(payload))).verified).toBe(false)
  })

  test('are refused with a header that names typ or alg twice', async () => {
    for (const header of [
      '{"alg":"ES256","typ":"dc+sd-jwt","typ":"dc+sd-jwt"}',
      '{"alg":"none","alg":"ES256","typ":"dc+sd-jwt"}',
    ]) {
      expect(codes(await judge(await sign(text, header)))).toEqual(['jws.malformed'])
    }
    expect((await judge(await sign(text))).verified).toBe(true)
  })

  test('are refused where the holder names nonce, audience or sd_hash twice', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const own = await jwkSigner({ privateJwk, verificationMethod: '' })
    const credential = await forged({ ...bare, cnf: { jwk: publicJwk as unknown as JsonObject } })
    const bind = async (change: (claims: string) => string) => {
      const claims = JSON.stringify({
        iat: seconds,
        aud: context().audience,
        nonce: context().nonce,
        sd_hash: await digestOf(credential),
      })
      const input = `${written('{"alg":"ES256","typ":"kb+jwt"}')}.${written(change(claims))}`
      return `${credential}${input}.${toBase64url(await own.sign(utf8(input)))}`
    }
    expect(codes(await sdJwtVc().verify(await bind((same) => same), context()))).toEqual([])
    for (const name of ['nonce', 'aud', 'sd_hash', 'iat']) {
      const twice = await bind((claims) => claims.replace('{', `{"${name}":"x",`))
      expect(codes(await sdJwtVc().verify(twice, context()))).toEqual(['jws.malformed'])
    }
  })

  test('of the issuer are read alike by wallet and verifier', async () => {
    const mine = await held()
    const { claims } = sdJwtVc().view({ format: 'dc+sd-jwt', wire: mine.wire })
    const everything = sdJwtVc()
      .view({ format: 'dc+sd-jwt', wire: mine.wire })
      .disclosable.map(({ path }) => path)
    const result = await sdJwtVc().verify(await presented(mine, everything), context())
    expect(claimsOf(result)).toEqual(claims)
  })
})

describe('a credential of the data model as SD-JWT', () => {
  const document = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer,
    validUntil: '2027-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:a', citizen: true },
  } satisfies JsonObject
  const trusting = context({
    holderBinding: () => 'bearer',
    findIssuer: async () => ({
      verified: true,
      checks: [],
      issuer,
      type: 'citizenship',
      keys: [issuerKey.publicJwk],
      mechanism: 'https',
    }),
  })
  const judged = async (payload: JsonObject, header: JsonObject = {}, sent: string[] = []) => {
    const jwt = await signJws({ typ: 'vc+sd-jwt', ...header }, payload, signer)
    return vcSdJwt().verify(`${[jwt, ...sent].join('~')}~`, trusting)
  }

  test('has one issuer, subject and id, whoever names them', async () => {
    const agreeing = { ...document, id: 'urn:x', iss: issuer, sub: 'did:example:a', jti: 'urn:x' }
    expect((await judged(agreeing, { iss: issuer })).verified).toBe(true)
    for (const [claims, header] of [
      [{}, { iss: 'https://other.example' }],
      [{ iss: 'https://other.example' }, {}],
      [{ sub: 'did:example:b' }, {}],
      [{ sub: 1 }, {}],
      [{ jti: 'urn:other' }, {}],
      [{ vc: {} }, {}],
    ] as const) {
      expect(codes(await judged({ ...document, ...claims }, header))).toEqual([
        'credential.malformed',
      ])
    }
    const two = [{ id: 'did:example:a' }, { id: 'did:example:b' }]
    const oneOf = { ...document, credentialSubject: two, sub: 'did:example:a' }
    expect(codes(await judged(oneOf))).toEqual(['credential.malformed'])
  })

  test('may keep the id of its subject back while sub names it', async () => {
    const encoded = disclosure('salt', 'id', 'did:example:a')
    const credentialSubject = { citizen: true, _sd: [await digestOf(encoded)] }
    const payload = { ...document, credentialSubject, sub: 'did:example:a' }
    for (const sent of [[], [encoded]]) {
      expect((await judged(payload, {}, sent)).verified).toBe(true)
    }
    const other = { ...payload, sub: 'did:example:b' }
    expect(codes(await judged(other, {}, [encoded]))).toEqual(['credential.malformed'])
  })

  test('ends when exp or validUntil does, whichever is first', async () => {
    const early = await judged({ ...document, exp: seconds + 10 })
    expect(early.verified && early.validUntil).toEqual(new Date((seconds + 10) * 1000))
    const late = await judged({ ...document, exp: seconds + 10 ** 9 })
    expect(late.verified && late.validUntil).toEqual(new Date(document.validUntil))
    expect(codes(await judged({ ...document, exp: seconds - 1 }))).toEqual(['credential.expired'])
    const past = { ...document, validUntil: '2026-01-01T00:00:00Z', exp: seconds + 10 }
    expect(codes(await judged(past))).toEqual(['credential.expired'])
  })
})
