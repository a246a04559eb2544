import { selectClaims, type VerificationContext } from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { createKey, jwkSigner } from '@asoba/did'
import { describe, expect, test } from 'vitest'
import { openSdJwt, sdJwtVc } from '../src/index.ts'
import {
  audience,
  bare,
  citizenship,
  claims,
  codes,
  context,
  deepFreeze,
  digestOf,
  disclosure,
  forged,
  held,
  input,
  issuer,
  now,
  presented,
  seconds,
  secrets,
  signer,
  to,
  wallet,
} from './fixtures.ts'

const verifier = sdJwtVc()
const verify = (wire: unknown, overrides: Partial<VerificationContext> = {}) =>
  verifier.verify(wire, deepFreeze(context(overrides)))

describe('a credential', () => {
  test('is issued, held, presented and verified, and shows what was chosen alone', async () => {
    const wire = await presented(await held(), [['citizen'], ['age_equal_or_over', '18']])
    const result = await verify(wire)
    expect(result).toMatchObject({
      verified: true,
      format: 'dc+sd-jwt',
      type: 'citizenship',
      issuer,
      mechanism: 'https',
      subject: {
        citizen: true,
        age_equal_or_over: { '18': true },
        issuing_authority: 'Registry',
      },
      validUntil: new Date('2027-01-01T00:00:00Z'),
      status: [{ kind: 'token-status-list', uri: 'https://registry.example/status/1', index: 7 }],
      holder: { kind: 'cnf', proven: true },
    })
    if (!result.verified) return
    expect(Object.keys(result.subject).toSorted()).toEqual([
      'age_equal_or_over',
      'citizen',
      'issuing_authority',
    ])
    expect(result.claims).toMatchObject({ vct: citizenship.vct, iss: issuer })
    expect(result.checks.map((one) => [one.check, one.outcome])).toEqual(
      ['form', 'validity', 'issuer-trust', 'signature', 'holder-binding'].map((name) => [
        name,
        'passed',
      ]),
    )
  })

  test('says the header and claims that its standard wants', async () => {
    const { wire, proof } = await held()
    const opened = openSdJwt(wire)
    if (!opened.verified) throw new Error('does not open')
    const { _sd, _sd_alg, place_of_birth, ...always } = opened.payload
    expect(opened.jws.header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', kid: 'key-1' })
    expect(always).toEqual({
      iss: issuer,
      iat: Date.UTC(2026, 0, 1) / 1000,
      nbf: Date.UTC(2026, 0, 1) / 1000,
      exp: Date.UTC(2027, 0, 1) / 1000,
      vct: citizenship.vct,
      'vct#integrity': citizenship.vctIntegrity,
      cnf: { jwk: proof.kind === 'jwk' && proof.publicJwk },
      status: { status_list: { idx: 7, uri: 'https://registry.example/status/1' } },
      issuing_authority: 'Registry',
    })
  })

  test('shares nothing that is its own with another copy of one batch', async () => {
    const [one, two] = [await held(), await held()]
    const parts = (wire: string) => new Set(wire.split('~').slice(1).filter(Boolean))
    const theirs = parts(two.wire)
    expect([...parts(one.wire)].filter((part) => theirs.has(part))).toEqual([])
    expect(one.proof).not.toEqual(two.proof)
  })

  test('that lasts less than a day keeps its exact end', async () => {
    const validUntil = new Date('2026-01-01T10:00:00.999Z')
    const opened = openSdJwt((await held({ validUntil })).wire)
    expect(opened.verified && opened.claims['exp']).toBe(Date.UTC(2026, 0, 1, 10) / 1000)
  })

  test('with sha-512 and decoys verifies as well', async () => {
    const wire = await presented(await held({}, { hash: 'sha-512', decoys: 4 }), [['citizen']])
    expect(await verify(wire)).toMatchObject({ verified: true, subject: { citizen: true } })
  })

  test('carries the signer’s chain in x5c', async () => {
    const x5c = ['MAAA']
    const opened = openSdJwt((await held({}, { signer: { ...signer, x5c } })).wire)
    expect(opened.verified && opened.jws.header).toMatchObject({ x5c })
  })

  test('is not issued without a signer, to a commitment, with foreign status or a claim of its own', async () => {
    const format = sdJwtVc({ signer })
    const { proof } = await format.prepareHolder(secrets)
    await expect(wallet.secure(input, proof)).rejects.toMatchObject({ code: 'signer.missing' })
    const commitment = { kind: 'bbs-commitment', commitmentWithProof: new Uint8Array() } as const
    await expect(format.secure(input, commitment)).rejects.toThrow(TypeError)
    const status = {
      kind: 'bitstring-status-list',
      uri: 'https://x.example',
      index: 1,
      purpose: 'revocation',
    } as const
    await expect(format.secure({ ...input, status }, proof)).rejects.toThrow(TypeError)
    for (const name of ['iss', 'cnf', 'status', 'vct', 'exp', 'aka_vcts']) {
      const own = { ...input, claims: { [name]: 'x' } }
      await expect(format.secure(own, proof)).rejects.toThrow(TypeError)
    }
  })

  test('is recognised by its type, and nothing else is', async () => {
    const { wire } = await held()
    expect(wallet.recognises(wire)).toBe(true)
    for (const other of [
      wire.split('~')[0],
      await forged({}, [], { typ: 'vc+sd-jwt' }),
      `${'a'.repeat(1_048_576)}.b~`,
      '',
      '~',
      'a.b~',
      null,
      {},
      1,
    ]) {
      expect(wallet.recognises(other)).toBe(false)
    }
  })
})

describe('the view of a wallet', () => {
  test('shows what can be withheld, each with its value', async () => {
    const view = wallet.view({ format: 'dc+sd-jwt', wire: (await held({}, { decoys: 2 })).wire })
    expect(view).toMatchObject({
      dcqlFormat: 'dc+sd-jwt',
      vcts: [citizenship.vct],
      types: [],
      issuer,
      claims,
      validFrom: new Date('2026-01-01T00:00:00Z'),
      authorityKeyIds: [],
      holder: { kind: 'jwk' },
    })
    const shown = view.disclosable.map(({ path, value }) => [path.join('.'), value])
    expect(Object.fromEntries(shown)).toEqual({
      citizen: true,
      given_name: 'Alesia',
      family_name: 'Kavalchuk',
      age_equal_or_over: { '18': true, '65': false },
      'age_equal_or_over.18': true,
      'age_equal_or_over.65': false,
      nationalities: ['BY', 'PL', 'LT'],
      'nationalities.0': 'BY',
      'nationalities.1': 'PL',
      'nationalities.2': 'LT',
      place_of_birth: { locality: 'Hrodna', country: 'BY' },
      'place_of_birth.locality': 'Hrodna',
    })
  })

  test('answers a DCQL query with the least', async () => {
    const credential = await held()
    const view = wallet.view({ format: 'dc+sd-jwt', wire: credential.wire })
    const query = parseQuery({
      credentials: [
        {
          id: 'citizen',
          format: 'dc+sd-jwt',
          meta: { vct_values: [citizenship.vct] },
          claims: [{ path: ['nationalities', null], values: ['PL'] }],
        },
      ],
    })
    const [citizen] = query.credentials
    const chosen = citizen && selectClaims(view, citizen)
    const result = await verify(await presented(credential, chosen?.disclose ?? []))
    expect(result.verified && result.subject['nationalities']).toEqual(['PL'])
  })

  test('refuses a broken credential', async () => {
    const { wire } = await held()
    for (const broken of ['x', wire.slice(3), await presented(await held(), [])]) {
      expect(() => wallet.view({ format: 'dc+sd-jwt', wire: broken })).toThrow(
        expect.objectContaining({ code: 'credential.malformed' }),
      )
    }
  })
})

describe('key binding', () => {
  test('rejects a presentation whose key binding is for another audience', async () => {
    const wire = await presented(await held(), [], { audience: 'https://clinic.example' })
    expect(codes(await verify(wire))).toEqual(['holder.audience-mismatch'])
  })

  test('rejects a presentation that answers another request', async () => {
    const wire = await presented(await held(), [], { nonce: 'other' })
    expect(codes(await verify(wire))).toEqual(['holder.nonce-mismatch'])
  })

  test('rejects a key binding that is too old, or from the future', async () => {
    const at = (ms: number) => ({ now: new Date(now.getTime() + ms) })
    const old = await presented(await held(), [], at(-301_000))
    expect(codes(await verify(old))).toEqual(['holder.too-old'])
    expect((await verify(old, { clockTolerance: 1 })).verified).toBe(true)
    const early = await presented(await held(), [], at(1000))
    expect(codes(await verify(early))).toEqual(['holder.not-yet-valid'])
    expect((await verify(early, { clockTolerance: 1 })).verified).toBe(true)
  })

  test('rejects a credential whose key binding was cut off', async () => {
    const wire = await presented(await held(), [['citizen']])
    const cut = wire.slice(0, wire.lastIndexOf('~') + 1)
    expect(codes(await verify(cut))).toEqual(['holder.binding-missing'])
    // Even where the policy allows bearers: the credential itself names a key.
    expect(codes(await verify(cut, { holderBinding: () => 'bearer' }))).toEqual([
      'holder.binding-missing',
    ])
  })

  test('rejects the key binding of another credential', async () => {
    const [one, two] = [await presented(await held(), []), await presented(await held(), [])]
    const swapped = one.slice(0, one.lastIndexOf('~') + 1) + two.slice(two.lastIndexOf('~') + 1)
    expect(codes(await verify(swapped)).toSorted()).toEqual([
      'holder.proof-malformed',
      'holder.signature-invalid',
    ])
  })

  test('rejects disclosures added or left out after signing', async () => {
    const credential = await held()
    const less = await presented(credential, [['citizen']])
    const more = await presented(credential, [['citizen'], ['given_name']])
    const binding = (wire: string) => wire.slice(wire.lastIndexOf('~') + 1)
    const sent = (wire: string) => wire.slice(0, wire.lastIndexOf('~') + 1)
    expect(codes(await verify(sent(more) + binding(less)))).toEqual(['holder.proof-malformed'])
    expect(codes(await verify(sent(less) + binding(more)))).toEqual(['holder.proof-malformed'])
  })

  test('rejects disclosures in another order than was signed', async () => {
    const wire = await presented(await held(), [['citizen'], ['given_name']])
    const [jwt, a, b, binding] = wire.split('~')
    expect(codes(await verify([jwt, b, a, binding].join('~')))).toEqual(['holder.proof-malformed'])
  })

  test('rejects a key binding by another key', async () => {
    const { privateJwk } = await createKey('ES256')
    const credential = await held()
    const { presentSdJwt } = await import('../src/index.ts')
    const wire = await presentSdJwt(credential.wire, {
      disclose: [],
      keyBinding: {
        signer: await jwkSigner({ privateJwk, verificationMethod: '' }),
        audience,
        nonce: to.nonce,
        issuedAt: now,
      },
    })
    expect(codes(await verify(wire))).toEqual(['holder.signature-invalid'])
  })

  test('a wallet does not present with a key that the credential is not bound to', async () => {
    const [one, two] = [await held(), await held()]
    await expect(presented({ ...one, retained: two.retained }, [])).rejects.toMatchObject({
      code: 'wallet.credential-not-ours',
    })
    const junk = new Uint8Array(5)
    await expect(presented({ ...one, retained: junk }, [])).rejects.toMatchObject({
      code: 'wallet.credential-not-ours',
    })
  })

  test('rejects a key binding where the credential names no key', async () => {
    const wire = await presented(await held(), [])
    const forgedWire = (await forged(bare)) + wire.slice(wire.lastIndexOf('~') + 1)
    const result = await verify(forgedWire, { holderBinding: () => 'bearer' })
    expect(codes(result)).toEqual(['holder.proof-malformed'])
  })

  test('accepts a credential without a key only where the policy says bearer', async () => {
    const wire = await forged(bare)
    expect(codes(await verify(wire))).toEqual(['holder.binding-missing'])
    expect(await verify(wire, { holderBinding: () => 'bearer' })).toMatchObject({
      verified: true,
      holder: { kind: 'none', proven: false },
    })
  })

  test('a bearer credential is issued and presented without a key', async () => {
    const format = sdJwtVc({ signer })
    const secured = await format.secure(input, { kind: 'bearer' })
    const shown = await wallet.present(secured, [['citizen']], to, new Uint8Array())
    expect(await verify(shown.wire, { holderBinding: () => 'bearer' })).toMatchObject({
      verified: true,
    })
    expect(wallet.view(secured).holder).toEqual({ kind: 'bearer' })
  })

  test('rejects cnf that names a key otherwise than by value', async () => {
    const wire = await presented(await held(), [])
    const binding = wire.slice(wire.lastIndexOf('~') + 1)
    for (const cnf of [{ kid: 'did:key:z6Mk' }, { jku: 'https://x.example' }, { jwk: 'x' }, {}]) {
      expect(codes(await verify((await forged({ ...bare, cnf })) + binding))).toContain(
        'holder.key-mismatch',
      )
    }
  })

  test('does not compare sub with anything', async () => {
    const { retained, proof } = await held()
    if (proof.kind !== 'jwk') throw new Error('no key')
    const cnf = { jwk: { ...proof.publicJwk } as never }
    const wire = await forged({ ...bare, sub: 'did:example:somebody-else', cnf })
    expect((await verify(await presented({ wire, retained, proof }, []))).verified).toBe(true)
  })

  test('binds nothing but audience and nonce, and says so', async () => {
    const wire = await presented(await held(), [])
    await expect(presented(await held(), [], { purpose: 'poll' })).rejects.toThrow(TypeError)
    await expect(presented(await held(), [], { scope: 'x' })).rejects.toThrow(TypeError)
    expect((await verify(wire, { purpose: 'poll' })).verified).toBe(false)
    expect((await verify(wire, { payloadHash: new Uint8Array(32) })).verified).toBe(false)
  })

  test('an empty audience or nonce is never right', async () => {
    await expect(presented(await held(), [], { nonce: '' })).rejects.toThrow(TypeError)
    const wire = await presented(await held(), [])
    expect(codes(await verify(wire, { audience: '', nonce: '' }))).toEqual([
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
    ])
  })
})

describe('the issuer', () => {
  test('swapped for another is not trusted', async () => {
    const wire = await presented(await held({ issuer: 'https://shell.example' }), [])
    expect(codes(await verify(wire))).toEqual(['issuer.untrusted'])
  })

  test('claimed by who has not its key is refused', async () => {
    const { privateJwk } = await createKey('ES256')
    const other = await jwkSigner({ privateJwk, verificationMethod: 'key-1' })
    const wire = await presented(await held({}, { signer: other }), [])
    expect(codes(await verify(wire))).toEqual(['jws.signature-invalid'])
  })

  test('is asked for by what the token claims, and by vct alone', async () => {
    const asked: unknown[] = []
    const wire = await forged({ ...bare, aka_vcts: ['https://nation.example/other'] }, [], {
      kid: 'k',
      x5c: ['AAAA'],
    })
    await verify(wire, {
      findIssuer: async (claim) => {
        asked.push(claim)
        return context().findIssuer(claim)
      },
    })
    expect(asked).toEqual([
      {
        issuer,
        types: [citizenship.vct],
        algorithm: 'ES256',
        kid: 'k',
        x5c: ['AAAA'],
        byCertificate: true,
        purpose: 'credential',
      },
    ])
  })

  test('may be named by its certificate alone', async () => {
    const { iss: _, ...unnamed } = bare
    const findIssuer: VerificationContext['findIssuer'] = async ({ issuer: iss, x5c }) => {
      expect([iss, x5c]).toEqual([undefined, ['AAAA']])
      return context().findIssuer({
        issuer,
        types: [citizenship.vct],
        algorithm: 'ES256',
        purpose: 'credential',
      })
    }
    const options: Partial<VerificationContext> = { findIssuer, holderBinding: () => 'bearer' }
    expect((await verify(await forged(unnamed, [], { x5c: ['AAAA'] }), options)).verified).toBe(
      true,
    )
    expect(codes(await verify(await forged(unnamed)))).toContain('credential.malformed')
  })

  test('may not be named by a header that brings its own key', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const own = await jwkSigner({ privateJwk, verificationMethod: '' })
    const header = {
      jwk: publicJwk as never,
      jku: 'https://evil.example',
      x5u: 'https://evil.example',
    }
    const wire = await forged(bare, [], header, own)
    expect(codes(await verify(wire, { holderBinding: () => 'bearer' }))).toEqual([
      'jws.signature-invalid',
    ])
  })
})

describe('form and validity', () => {
  const bearer: Partial<VerificationContext> = { holderBinding: () => 'bearer' }

  test('is over at exp, not after it', async () => {
    expect(codes(await verify(await forged({ ...bare, exp: seconds }), bearer))).toEqual([
      'credential.expired',
    ])
    expect((await verify(await forged({ ...bare, exp: seconds + 1 }), bearer)).verified).toBe(true)
    expect(
      (await verify(await forged({ ...bare, exp: seconds }), { ...bearer, clockTolerance: 1 }))
        .verified,
    ).toBe(true)
  })

  test.each(['nbf', 'iat'])('is not valid before %s', async (name) => {
    expect(codes(await verify(await forged({ ...bare, [name]: seconds + 1 }), bearer))).toEqual([
      'credential.not-yet-valid',
    ])
    expect((await verify(await forged({ ...bare, [name]: seconds }), bearer)).verified).toBe(true)
  })

  const wrong: readonly [string, object, string][] = [
    ['no vct', { vct: undefined }, 'credential.malformed'],
    ['a vct that is no text', { vct: ['x'] }, 'credential.malformed'],
    ['an empty vct', { vct: '' }, 'credential.malformed'],
    ['an iss that is no text', { iss: { id: issuer } }, 'credential.malformed'],
    ['an exp that is no number', { exp: '2027-01-01' }, 'credential.malformed'],
    ['an exp that is null', { exp: null }, 'credential.malformed'],
    ['a vct#integrity that is none', { 'vct#integrity': 'md5-xyz' }, 'credential.malformed'],
    ['a cnf that is no object', { cnf: 'x' }, 'credential.malformed'],
    ['an unknown kind of status', { status: { other: {} } }, 'status.invalid-entry'],
    ['a status that is no object', { status: 'x' }, 'status.invalid-entry'],
    [
      'a status with a negative index',
      { status: { status_list: { idx: -1, uri: 'https://x.example' } } },
      'status.invalid-entry',
    ],
    [
      'a status without an address',
      { status: { status_list: { idx: 1 } } },
      'status.invalid-entry',
    ],
    ['aka_vcts that hold vct itself', { aka_vcts: [bare['vct']] }, 'credential.malformed'],
    ['aka_vcts that hold nothing', { aka_vcts: [] }, 'credential.malformed'],
  ]
  test.each(wrong)('refuses %s', async (_what, change, code) => {
    const payload = JSON.parse(JSON.stringify({ ...bare, ...change }))
    expect(codes(await verify(await forged(payload), bearer))).toContain(code)
  })

  test('judges the integrity of a type anew, whatever the credential before it had', async () => {
    const right = { ...bare, 'vct#integrity': citizenship.vctIntegrity }
    const wrongOne = { ...bare, 'vct#integrity': `${citizenship.vctIntegrity}x` }
    for (let round = 0; round < 2; round++) {
      expect((await verify(await forged(right), bearer)).verified).toBe(true)
      expect((await verify(await forged(bare), bearer)).verified).toBe(true)
      expect(codes(await verify(await forged(wrongOne), bearer))).toEqual(['credential.malformed'])
    }
  })

  const registered = [
    'iss',
    'nbf',
    'exp',
    'cnf',
    'vct',
    'vct#integrity',
    'aka_vcts',
    'status',
  ] as const
  test.each(registered)('refuses %s in a disclosure', async (name) => {
    const { [name]: value = 1, ...rest } = bare
    const encoded = disclosure('salt', name, value)
    const wire = await forged({ ...rest, _sd: [await digestOf(encoded)] }, [encoded])
    expect(codes(await verify(wire, bearer))).toContain('disclosure.forbidden')
  })

  test('refuses digests below claims that must be shown, disclosed or not', async () => {
    const status = { status_list: { idx: 1, uri: 'https://x.example', _sd: ['digest'] } }
    expect(codes(await verify(await forged({ ...bare, status }), bearer))).toContain(
      'disclosure.forbidden',
    )
    const aliases = { aka_vcts: ['a', { '...': 'digest' }] }
    expect(codes(await verify(await forged({ ...bare, ...aliases }), bearer))).toContain(
      'disclosure.forbidden',
    )
  })

  test('iat and sub may be in disclosures', async () => {
    const all = [disclosure('s1', 'iat', seconds), disclosure('s2', 'sub', 'x')]
    const wire = await forged({ ...bare, _sd: await Promise.all(all.map(digestOf)) }, all)
    expect((await verify(wire, bearer)).verified).toBe(true)
  })

  test.each([['JWT'], ['kb+jwt'], ['example+sd-jwt']])('refuses typ %s', async (typ) => {
    expect(codes(await verify(await forged(bare, [], { typ }), bearer))).toEqual([
      'jws.type-mismatch',
    ])
  })

  test('reads typ with its prefix and in any case, as JWS does', async () => {
    const wire = await forged(bare, [], { typ: 'application/DC+sd-jwt' })
    expect((await verify(wire, bearer)).verified).toBe(true)
  })

  test('says everything that is wrong at once', async () => {
    const wire = await presented(await held({ issuer: 'https://shell.example' }), [], {
      audience: 'https://x.example',
      nonce: 'x',
    })
    expect(codes(await verify(wire, { now: new Date('2030-01-01') })).toSorted()).toEqual([
      'credential.expired',
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
      'holder.too-old',
      'issuer.untrusted',
    ])
  })
})
