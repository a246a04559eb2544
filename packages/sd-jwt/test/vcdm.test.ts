import {
  type JsonObject,
  type Jwk,
  type PrivateJwk,
  problem,
  refused,
  selectClaims,
  type VerificationContext,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { createKey, jwkSigner } from '@asoba/did'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import { openSdJwt } from '../src/index.ts'
import { issueVcSdJwt, issueVpSdJwt, vcSdJwt, verifyVcSdJwt, verifyVpSdJwt } from '../src/vcdm.ts'
import {
  audience,
  codes,
  context,
  deepFreeze,
  digestOf,
  disclosure,
  forged,
  input,
  issuer,
  issuerKey,
  nonce,
  now,
  secrets,
  signer,
  to,
} from './fixtures.ts'

interface Case {
  readonly fn: 'issue' | 'verify'
  readonly input: string
  readonly key: string
  readonly feature: string
  readonly disclosurePaths?: readonly string[]
  readonly expected: 'success' | 'failure'
}
interface Method {
  readonly controller: string
  readonly publicKeyJwk: Jwk
  readonly secretKeyJwk: PrivateJwk
}

/** `credentialSubject.phoneNumbers[0]` as a path. */
const pathOf = (text: string): readonly (string | number)[] =>
  text.split(/\.|(?=\[)/).map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part))

vectorSuite('w3c-jose-cose-inputs', async (vectors) => {
  const all = await vectors.json<Record<string, Case>>('expected.json')
  const cases = Object.entries(all).filter(([, { feature }]) => feature.endsWith('_sdjwt'))
  const methods: Method[] = []
  for (const name of ['ed25519', 'p256', 'p384', 'p521']) {
    methods.push(await vectors.json<Method>(`input/vm-${name}.json`))
  }
  const keys = methods.map(({ publicKeyJwk }) => publicKeyJwk)

  test('has ten cases for SD-JWT', () => {
    expect(cases.length).toBe(10)
  })

  const trusting = (only?: Jwk) =>
    context({
      holderBinding: () => 'bearer',
      findIssuer: async () => ({
        verified: true,
        checks: [],
        issuer: 'https://example.issuer/vc-jose-cose',
        type: 'any',
        mechanism: 'https',
        keys: only ? [only] : keys,
      }),
      findHolderKey: async () =>
        only
          ? {
              verified: true,
              checks: [],
              publicJwk: only,
              controller: 'https://example.issuer/vc-jose-cose',
            }
          : refused([problem('did.not-found', 'no key')]),
    })
  // The inputs are made for nobody and at no time, so that much is always missing.
  const address = ['holder.audience-mismatch', 'holder.nonce-mismatch', 'holder.proof-malformed']

  for (const [name, { fn, input: file, key, feature, expected, disclosurePaths = [] }] of cases) {
    test(`${name}: ${expected}`, async () => {
      const method = await vectors.json<Method>(`input/${key}`)
      const kind = feature.startsWith('credential') ? 'vc' : 'vp'
      const context_ = trusting(method.publicKeyJwk)
      if (fn === 'issue') {
        const document = deepFreeze(await vectors.json<JsonObject>(`input/${file}`))
        const options = {
          signer: await jwkSigner({
            privateJwk: method.secretKeyJwk,
            verificationMethod: method.publicKeyJwk.kid ?? '',
          }),
          disclosable: disclosurePaths.map(pathOf),
        }
        if (kind === 'vc') {
          const wire = await issueVcSdJwt(document, options)
          expect(wire.split('~')).toHaveLength(disclosurePaths.length + 2)
          const result = await verifyVcSdJwt(wire, context_)
          expect(result).toMatchObject({ verified: true, credential: document })
        } else {
          const wire = await issueVpSdJwt(document, to, options)
          expect(wire.split('~')).toHaveLength(disclosurePaths.length + 2)
          const result = await verifyVpSdJwt(wire, trusting(method.publicKeyJwk))
          // The credential inside is signed by the same key and names no key of its own.
          expect(codes(result)).toEqual([])
        }
        return
      }
      const wire = (await vectors.text(`input/${file}`)).trim()
      if (kind === 'vc') {
        expect((await verifyVcSdJwt(wire, context_)).verified).toBe(expected === 'success')
        return
      }
      // The credential inside 22 is signed by another key of the same issuer.
      const findIssuer = trusting().findIssuer
      const result = await verifyVpSdJwt(wire, { ...context_, findIssuer })
      const other = codes(result).filter((code) => !address.includes(code))
      expect(other.length === 0).toBe(expected === 'success')
      if (expected === 'failure') expect(other).toContain('jws.type-mismatch')
      else {
        const passed = result.checks.filter(({ outcome }) => outcome === 'passed')
        expect(passed.map((one) => one.check)).toEqual(
          expect.arrayContaining(['holder-signature', 'signature', 'issuer-trust', 'schema']),
        )
      }
    })
  }
})

const format = vcSdJwt({ signer, decoys: 1 })
const verifying = (overrides: Partial<VerificationContext> = {}) =>
  context({
    findIssuer: async (claim) =>
      claim.issuer === issuer && claim.types.includes('CitizenshipCredential')
        ? {
            verified: true,
            checks: [],
            issuer,
            type: 'citizenship',
            keys: [issuerKey.publicJwk],
            mechanism: 'https',
          }
        : refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')]),
    ...overrides,
  })

async function heldVc(overrides: Partial<typeof input> = {}) {
  const { proof, retained } = await format.prepareHolder(secrets)
  return { secured: await format.secure(deepFreeze({ ...input, ...overrides }), proof), retained }
}

describe('vc+sd-jwt', () => {
  test('is issued, matched, presented and verified', async () => {
    const { secured, retained } = await heldVc()
    const view = vcSdJwt().view(secured)
    const [query] = parseQuery({
      credentials: [
        {
          id: 'c',
          format: 'vc+sd-jwt',
          meta: { type_values: [['CitizenshipCredential']] },
          claims: [{ path: ['credentialSubject', 'age_equal_or_over', '18'] }],
        },
      ],
    }).credentials
    const chosen = query && selectClaims(view, query)
    const { wire } = await vcSdJwt().present(secured, chosen?.disclose ?? [], to, retained)
    expect(await vcSdJwt().verify(wire, verifying())).toMatchObject({
      verified: true,
      format: 'vc+sd-jwt',
      type: 'citizenship',
      subject: { age_equal_or_over: { '18': true }, issuing_authority: 'Registry' },
      status: [{ kind: 'token-status-list', index: 7 }],
      holder: { kind: 'cnf', proven: true },
      validUntil: new Date('2027-01-01T00:00:00Z'),
    })
    expect(view.validFrom).toEqual(new Date('2026-01-01T00:00:00Z'))
  })

  test('is not mistaken for dc+sd-jwt, nor the other way round', async () => {
    const { secured } = await heldVc()
    expect(format.recognises(secured.wire)).toBe(true)
    expect(format.recognises(await forged({}))).toBe(false)
    const { sdJwtVc } = await import('../src/index.ts')
    expect(sdJwtVc().recognises(secured.wire)).toBe(false)
  })

  test('needs its key binding, for this audience and nonce', async () => {
    const { secured, retained } = await heldVc()
    expect(codes(await format.verify(secured.wire, verifying()))).toEqual([
      'holder.binding-missing',
    ])
    const { wire } = await format.present(
      secured,
      [],
      { ...to, audience: 'https://x.example', nonce: 'y' },
      retained,
    )
    expect(codes(await format.verify(wire, verifying()))).toEqual([
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
    ])
  })

  test('is over after validUntil, and not trusted from another issuer', async () => {
    const { secured, retained } = await heldVc({ issuer: 'https://shell.example' })
    const at = { ...to, now: new Date('2028-01-01') }
    const { wire } = await format.present(secured, [], at, retained)
    expect(codes(await format.verify(wire, verifying({ now: at.now }))).toSorted()).toEqual([
      'credential.expired',
      'issuer.untrusted',
    ])
  })

  test.each([
    '@context',
    'type',
    'issuer',
    'credentialStatus',
    'credentialSchema',
    'relatedResource',
    'validUntil',
    'cnf',
  ])('may not hide %s', async (name) => {
    const credential: JsonObject = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential', 'CitizenshipCredential'],
      issuer,
      credentialSubject: { a: 1 },
    }
    await expect(issueVcSdJwt(credential, { signer, disclosable: [[name]] })).rejects.toThrow(
      TypeError,
    )
    const { [name]: value = 'x', ...rest } = credential
    const encoded = disclosure('salt', name, value)
    const wire = await forged({ ...rest, _sd: [await digestOf(encoded)] }, [encoded], {
      typ: 'vc+sd-jwt',
    })
    expect(
      codes(await format.verify(wire, verifying({ holderBinding: () => 'bearer' }))),
    ).toContain('disclosure.forbidden')
  })

  test('refuses what the data model refuses, and claims of VC 1.1', async () => {
    await expect(issueVcSdJwt({ type: 'x' }, { signer, disclosable: [] })).rejects.toMatchObject({
      code: 'credential.malformed',
    })
    const { secured } = await heldVc()
    const opened = openSdJwt(secured.wire)
    if (!opened.verified) throw new Error('does not open')
    await expect(
      issueVcSdJwt({ ...opened.claims, vc: {} }, { signer, disclosable: [] }),
    ).rejects.toThrow(TypeError)
  })
})

describe('vp+sd-jwt', () => {
  const holder = 'did:example:holder'
  const present = async (subject: string, more: JsonObject = {}) => {
    const credential = await issueVcSdJwt(
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential', 'CitizenshipCredential'],
        issuer,
        credentialSubject: { id: subject, citizen: true },
        ...more,
      },
      { signer, disclosable: [['credentialSubject', 'citizen']] },
    )
    const { publicJwk, privateJwk } = await createKey('ES256')
    const presentation = await issueVpSdJwt(
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder,
        verifiableCredential: [
          {
            '@context': 'https://www.w3.org/ns/credentials/v2',
            type: 'EnvelopedVerifiableCredential',
            id: `data:application/vc+sd-jwt,${credential}`,
          },
        ],
      },
      { audience, nonce, now },
      {
        signer: await jwkSigner({ privateJwk, verificationMethod: `${holder}#0` }),
        disclosable: [],
      },
    )
    const findHolderKey: VerificationContext['findHolderKey'] = async () => ({
      verified: true,
      checks: [],
      publicJwk,
      controller: holder,
    })
    return { presentation, findHolderKey }
  }

  test('is read with one credential, whose subject presents it', async () => {
    const { presentation, findHolderKey } = await present(holder)
    expect(await format.verify(presentation, verifying({ findHolderKey }))).toMatchObject({
      verified: true,
      subject: { citizen: true },
      holder: { kind: 'subject', proven: true },
    })
  })

  test('is refused of somebody who is not the subject', async () => {
    const { presentation, findHolderKey } = await present('did:example:other')
    expect(codes(await format.verify(presentation, verifying({ findHolderKey })))).toEqual([
      'holder.key-mismatch',
    ])
  })

  test('is refused with a credential that is bound to a key', async () => {
    const { publicJwk } = await createKey('ES256')
    const { presentation, findHolderKey } = await present(holder, {
      cnf: { jwk: publicJwk as never },
    })
    expect(codes(await format.verify(presentation, verifying({ findHolderKey })))).toEqual([
      'holder.binding-missing',
    ])
  })

  test('is refused for another audience', async () => {
    const { presentation, findHolderKey } = await present(holder)
    const elsewhere = verifying({
      findHolderKey,
      audience: 'https://clinic.example',
      nonce: 'other',
    })
    expect(codes(await format.verify(presentation, elsewhere))).toEqual([
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
    ])
  })
})
