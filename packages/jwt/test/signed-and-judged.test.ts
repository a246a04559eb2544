import { type Json, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { vcJwt, verifyCredential } from '../src/index.ts'
import { jwtVcV1, verifyCredentialV1 } from '../src/v1.ts'
import { codes, context, issuer, now, signer } from './fixtures.ts'

const seconds = now.getTime() / 1000
const kid = `${issuer}#key-1`
const subject = 'did:example:alice'
const common = {
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer,
  credentialSubject: { id: subject, citizen: true },
}
const model2: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  ...common,
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
}
const model1: JsonObject = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  ...common,
  issuanceDate: '2026-01-01T00:00:00Z',
  expirationDate: '2027-01-01T00:00:00Z',
}

/** A token whose issuer wrote this very text. */
async function token(payload: string, header: string): Promise<string> {
  const input = `${toBase64url(utf8(header))}.${toBase64url(utf8(payload))}`
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`
}
const headerOf = (typ: string, more: JsonObject = {}) =>
  JSON.stringify({ alg: 'ES256', typ, kid, ...more })

const forms = {
  'vc+jwt': {
    typ: 'vc+jwt',
    payload: JSON.stringify(model2),
    verify: (wire: string) => verifyCredential(wire, context()),
    view: (wire: string) => vcJwt().view({ format: 'vc+jwt', wire }),
  },
  jwt_vc_json: {
    typ: 'JWT',
    payload: JSON.stringify({ vc: model1 }),
    verify: (wire: string) => verifyCredentialV1(wire, context()),
    view: (wire: string) => jwtVcV1().view({ format: 'jwt_vc_json', wire }),
  },
}

describe.each(Object.entries(forms))('%s', (_name, { typ, payload, verify, view }) => {
  test('is accepted as it was written, and its holder reads the same', async () => {
    const wire = await token(payload, headerOf(typ))
    const result = await verify(wire)
    expect(result.verified && result.credential).toEqual(view(wire).claims)
  })

  test.each([
    [
      'issuer twice',
      (text: string) => text.replace('"issuer":', '"issuer":"did:web:o.example","issuer":'),
    ],
    [
      'issuer twice, once escaped',
      (text: string) => text.replace('"issuer":', '"\\u0069ssuer":"did:web:o.example","issuer":'),
    ],
    ['exp twice', (text: string) => text.replace('{', '{"exp":1,"exp":9999999999,')],
    [
      'a claim twice',
      (text: string) => text.replace('"citizen":true', '"citizen":false,"citizen":true'),
    ],
    ['__proto__', (text: string) => text.replace('{', '{"__proto__":{"exp":1},')],
    [
      'a whole number beyond 2^53',
      (text: string) => text.replace('"citizen":true', '"citizen":true,"n":9007199254740993'),
    ],
    ['a number that no double holds', (text: string) => text.replace('{', '{"n":1e400,')],
    [
      'half a character',
      (text: string) => text.replace('"citizen":true', '"citizen":true,"n":"\\udfff"'),
    ],
  ])('is refused with %s, and no wallet keeps it', async (_what, change) => {
    const changed = change(payload)
    expect(changed).not.toBe(payload)
    const wire = await token(changed, headerOf(typ))
    expect((await verify(wire)).verified).toBe(false)
    expect(() => view(wire)).toThrow()
  })

  test('is refused with a header that names alg, typ or kid twice', async () => {
    for (const member of ['"alg":"none"', `"typ":"${typ}"`, '"kid":"did:web:o.example#1"']) {
      const wire = await token(payload, headerOf(typ).replace('{', `{${member},`))
      expect(codes(await verify(wire))).toEqual(['jws.malformed'])
    }
  })

  test('keeps claims apart whose names Unicode normalises to one, and names that objects inherit', async () => {
    const claims = '"caf\u00e9":1,"cafe\u0301":2,"constructor":{"prototype":3},"toString":4'
    const wire = await token(
      payload.replace('"citizen":true', `"citizen":true,${claims}`),
      headerOf(typ),
    )
    const result = await verify(wire)
    expect(result.verified && result.credential['credentialSubject']).toEqual({
      ...common.credentialSubject,
      ['caf\u00e9']: 1,
      ['cafe\u0301']: 2,
      ...JSON.parse('{"constructor":{"prototype":3},"toString":4}'),
    })
    expect(view(wire).claims).toEqual(result.verified && result.credential)
  })

  test('names its key under its own issuer', async () => {
    expect(
      codes(await verify(await token(payload, headerOf(typ, { kid: 'did:web:o.example#1' })))),
    ).toEqual(['jws.header-invalid'])
  })
})

const judge2 = async (claims: JsonObject, header: JsonObject = {}) =>
  verifyCredential(
    await token(JSON.stringify({ ...model2, ...claims }), headerOf('vc+jwt', header)),
    context(),
  )

describe('what vc+jwt says twice', () => {
  test.each([
    ['iss of the header', {}, { iss: 'did:web:o.example' }],
    ['iss', { iss: 'did:web:o.example' }, {}],
    ['iss of an issuer object', { iss: 'x', issuer: { id: issuer } }, {}],
    ['sub', { sub: 'did:example:bob' }, {}],
    ['sub that is no text', { sub: 1 }, {}],
    ['jti', { jti: 'urn:other', id: 'urn:x' }, {}],
    ['jti where there is no id', { jti: 'urn:x' }, {}],
    ['vc of VC 1.1', { vc: { issuer } }, {}],
  ] as readonly [string, JsonObject, JsonObject][])(
    'is refused where it differs: %s',
    async (_what, claims, header) => {
      expect(codes(await judge2(claims, header))).toEqual(['credential.malformed'])
    },
  )

  test('ends with the first of exp and validUntil, and begins with the last of nbf and validFrom', async () => {
    const inTime = await judge2({ exp: seconds + 10, nbf: seconds - 10 })
    expect(inTime.verified && [inTime.validFrom, inTime.validUntil]).toEqual([
      new Date((seconds - 10) * 1000),
      new Date((seconds + 10) * 1000),
    ])
    const wider = await judge2({ exp: seconds + 1e9, nbf: 1 })
    expect(wider.verified && [wider.validFrom, wider.validUntil]).toEqual([
      new Date(model2['validFrom'] as string),
      new Date(model2['validUntil'] as string),
    ])
    const tooLate = { validUntil: '2026-02-01T00:00:00Z', exp: seconds + 10 }
    expect(codes(await judge2(tooLate))).toEqual(['credential.expired'])
    expect(codes(await judge2({ exp: seconds - 61 }))).toEqual(['credential.expired'])
    expect(codes(await judge2({ nbf: seconds + 61 }))).toEqual(['credential.not-yet-valid'])
    expect(codes(await judge2({ iat: seconds + 61 }))).toEqual(['credential.not-yet-valid'])
  })
})

const judge1 = async (claims: JsonObject, vc: JsonObject = model1, header: JsonObject = {}) =>
  verifyCredentialV1(
    await token(JSON.stringify({ ...claims, vc }), headerOf('JWT', header)),
    context(),
  )

describe('what jwt_vc_json says twice', () => {
  const differing: readonly [string, JsonObject, JsonObject][] = [
    ['iss and issuer', { iss: 'did:web:o.example' }, {}],
    ['sub and the id of the subject', { sub: 'did:example:bob' }, {}],
    ['jti and id', { jti: 'urn:other' }, { id: 'urn:x' }],
    ['exp and expirationDate', { exp: Date.parse('2028-01-01') / 1000 }, {}],
    ['nbf and issuanceDate', { nbf: 1 }, {}],
    ['exp that is null', { exp: null }, {}],
  ]
  test.each(differing)('is refused where it differs: %s', async (_what, claims, more) => {
    const vc = { ...model1, ...more }
    expect(codes(await judge1(claims, vc))).toContain('credential.malformed')
    // A holder who saw one of the two would send the other as well.
    const wire = await token(JSON.stringify({ ...claims, vc }), headerOf('JWT'))
    expect(() => jwtVcV1().view({ format: 'jwt_vc_json', wire })).toThrow()
  })

  test('is read from the claims that are registered, never from members of vc with their names', async () => {
    const { issuanceDate, expirationDate: _end, ...open } = model1
    const inside = {
      ...open,
      issuanceDate: issuanceDate as Json,
      exp: 1,
      nbf: seconds + 1000,
      iss: 'x',
      sub: 'y',
    }
    const result = await judge1({}, inside)
    // They are claims like others there: VC 1.1 section 6.3.1 has them beside `vc` alone.
    expect(result.verified && [result.issuer, result.validUntil]).toEqual([issuer, undefined])
    expect(result.verified && result.credential).toEqual(inside)
  })

  test('is never read from properties beside vc', async () => {
    const outside = {
      issuer: 'did:web:o.example',
      expirationDate: '2020-01-01T00:00:00Z',
      credentialSubject: { citizen: false },
    }
    const result = await judge1(outside)
    expect(result.verified && result.credential).toEqual(model1)
  })
})

describe('what travels beside vc', () => {
  const beside = { given_name: 'Alesia', aud: 'https://o.example', more: { deep: [1] } }
  const registered = { iss: issuer, sub: subject, exp: Date.parse('2027-01-01') / 1000 }

  test('is shown to the holder, for every verifier sees it', async () => {
    const wire = await token(
      JSON.stringify({ ...registered, ...beside, vc: model1 }),
      headerOf('JWT'),
    )
    const { claims, besides } = jwtVcV1().view({ format: 'jwt_vc_json', wire })
    expect(claims).toEqual(model1)
    expect(besides).toEqual(beside)
  })

  test('is nothing where every claim is one of the credential', async () => {
    const wire = await token(JSON.stringify({ ...registered, vc: model1 }), headerOf('JWT'))
    expect(jwtVcV1().view({ format: 'jwt_vc_json', wire })).not.toHaveProperty('besides')
  })
})
