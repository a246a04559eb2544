import { bbsSigner, createBbsKey } from '@asoba/bbs'
import { bbs2023Cryptosuite } from '@asoba/bbs/cryptosuite'
import { fromBase64url, isJsonObject, type JsonObject, parseJson, toBase64url } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { addProof, createJsonLd, deriveProof, verifyProof } from '@asoba/data-integrity'
import { decodeProofValue, encodeProofValue } from '@asoba/data-integrity/primitives'
import { jwkToMultikey } from '@asoba/did'
import {
  createDiscloseCryptosuite,
  createSignCryptosuite,
  createVerifyCryptosuite,
} from '@digitalbazaar/bbs-2023-cryptosuite'
import { ALGORITHMS, fromRaw } from '@digitalbazaar/bls12-381-multikey'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { defaultDocumentLoader, derive, issue, verifyCredential } from '@digitalbazaar/vc'
import { beforeAll, describe, expect, test } from 'vitest'
import { codes } from './sd-jwt-peers.ts'

const now = new Date('2026-06-01T00:00:00Z')
const issuer = 'did:web:registry.example'
const method = `${issuer}#key-1`
const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const context = parseJson(citizenship.context.bytes)
if (!isJsonObject(context)) throw new Error('no context')
const credential: JsonObject = {
  '@context': citizenship.contexts,
  type: citizenship.types,
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
  credentialSubject: {
    type: citizenship.subjectTypes,
    citizen: true,
    given_name: 'Alesia',
    nationalities: ['QS', 'QU'],
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  },
}
const mandatoryPointers = ['/issuer', '/validFrom', '/validUntil']
const presentationHeader = new TextEncoder().encode('made by both from the request')
const someClaims = ['/credentialSubject/given_name', '/credentialSubject/evidence/assurance_level']

const { secretKey, publicKey, publicJwk } = createBbsKey()
const jsonLd = createJsonLd({ contexts: [{ url: citizenship.context.url, document: context }] })
const suite = bbs2023Cryptosuite(jsonLd, { feature: 'baseline', presentationHeader })

const ours = {
  issue: () =>
    addProof(credential, {
      suite,
      signer: bbsSigner({ secretKey, verificationMethod: method }),
      proofPurpose: 'assertionMethod',
      mandatoryPointers,
    }),
  derive: (base: JsonObject, pointers: readonly string[]) => deriveProof(base, { suite, pointers }),
  async problems(shown: JsonObject): Promise<readonly string[]> {
    const result = await verifyProof(shown, {
      kind: 'credential',
      suites: [suite],
      proofPurpose: 'assertionMethod',
      domain: undefined,
      challenge: undefined,
      now,
      clockTolerance: 0,
      findKey: async () => ({ verified: true, checks: [], publicJwk, controller: issuer }),
    })
    return codes(result)
  },
}

const theirKey = await fromRaw({ algorithm: ALGORITHMS.BBS_BLS12381_SHA256, secretKey, publicKey })
Object.assign(theirKey, { id: method, controller: issuer })
const documents = new Map<string, object>([
  [citizenship.context.url, context],
  [
    method,
    {
      '@context': 'https://w3id.org/security/multikey/v1',
      type: 'Multikey',
      id: method,
      controller: issuer,
      publicKeyMultibase: jwkToMultikey(publicJwk),
    },
  ],
  [issuer, { '@context': 'https://www.w3.org/ns/did/v1', id: issuer, assertionMethod: [method] }],
])
const documentLoader = async (url: string): Promise<unknown> => {
  const document = documents.get(url)
  return document ? { documentUrl: url, document } : defaultDocumentLoader(url)
}
const proofBy = (cryptosuite: object) =>
  new DataIntegrityProof({ signer: theirKey.signer(), cryptosuite })
const theirs = {
  issue: async () =>
    (await issue({
      // It writes the proof into what it is given.
      credential: structuredClone(credential),
      suite: proofBy(createSignCryptosuite({ mandatoryPointers })),
      documentLoader,
    })) as JsonObject,
  derive: (verifiableCredential: JsonObject, selectivePointers: readonly string[]) =>
    derive({
      verifiableCredential,
      suite: proofBy(createDiscloseCryptosuite({ selectivePointers, presentationHeader })),
      documentLoader,
    }),
  async accepts(shown: JsonObject, expectedPresentationHeader = presentationHeader) {
    const judging = proofBy(createVerifyCryptosuite({ expectedPresentationHeader }))
    const input = { credential: shown, suite: judging, documentLoader, now }
    return (await verifyCredential(input)).verified
  },
}

test('a key is the same Multikey', async () => {
  const exported = await theirKey.export({ publicKey: true, includeContext: true })
  expect(exported.publicKeyMultibase).toBe(jwkToMultikey(publicJwk))
})

for (const [signing, issueIt] of [
  ['ours', ours.issue],
  ['theirs', theirs.issue],
] as const) {
  for (const [showing, deriveIt] of [
    ['ours', ours.derive],
    ['theirs', theirs.derive],
  ] as const) {
    describe(`base proof ${signing}, derived proof ${showing}`, () => {
      let base: JsonObject
      let shown: JsonObject
      beforeAll(async () => {
        base = await issueIt()
        shown = await deriveIt(base, someClaims)
      })

      test('both accept some claims, a subject without claims, and everything', async () => {
        for (const pointers of [someClaims, ['/credentialSubject/type'], ['/credentialSubject']]) {
          const derived = await deriveIt(base, pointers)
          expect(await ours.problems(derived)).toEqual([])
          expect(await theirs.accepts(derived)).toBe(true)
        }
      })

      test('both show the same', async () => {
        const { proof: _, ...rest } = shown
        expect(rest['credentialSubject']).toEqual({
          type: citizenship.subjectTypes,
          given_name: 'Alesia',
          evidence: { assurance_level: 'P2' },
        })
        const { proof: __, ...other } = await (deriveIt === ours.derive
          ? theirs.derive
          : ours.derive)(base, someClaims)
        expect(other).toEqual(rest)
      })

      test('both refuse what was changed', async () => {
        const subject = shown['credentialSubject'] as JsonObject
        const proof = shown['proof'] as JsonObject
        const { given_name: ___, ...withheld } = subject
        for (const changed of [
          { ...shown, credentialSubject: { ...subject, given_name: 'Alena' } },
          { ...shown, credentialSubject: { ...subject, citizen: true } },
          { ...shown, credentialSubject: withheld },
          { ...shown, validUntil: '2028-01-01T00:00:00Z' },
          { ...shown, proof: { ...proof, created: '2026-01-01T00:00:00Z' } },
          { ...shown, proof: { ...proof, proofValue: flipped(proof, 100) } },
          { ...shown, proof: { ...proof, proofValue: flipped(proof, 400) } },
          { ...shown, proof: base['proof'] ?? null },
        ]) {
          expect(await ours.problems(changed)).not.toEqual([])
          expect(await theirs.accepts(changed)).toBe(false)
        }
      })

      test('both refuse a proof for another request', async () => {
        const another = new TextEncoder().encode('another request')
        expect(await theirs.accepts(shown, another)).toBe(false)
        const [{ proofValue }] = [shown['proof'] as JsonObject]
        const [bbsProof, labels, mandatory, selective] = decodeProofValue(proofValue, derived) ?? []
        const moved = encodeProofValue(derived, [
          bbsProof,
          labels,
          mandatory,
          selective,
          presentationHeader.slice(1),
        ] as never)
        const changed = {
          ...shown,
          proof: { ...(shown['proof'] as JsonObject), proofValue: moved },
        }
        expect(await ours.problems(changed)).toEqual([
          'proof.challenge-mismatch',
          'proof.signature-invalid',
        ])
        expect(await theirs.accepts(changed, presentationHeader.slice(1))).toBe(false)
      })
    })
  }
}

describe('what they accept and we refuse', () => {
  let shown: JsonObject
  let parts: readonly unknown[]
  beforeAll(async () => {
    shown = await ours.derive(await ours.issue(), someClaims)
    parts = decodeProofValue((shown['proof'] as JsonObject)['proofValue'], derived) ?? []
  })
  const withParts = (change: (own: unknown[]) => void): JsonObject => {
    const own = structuredClone([...parts])
    change(own)
    const proofValue = encodeProofValue(derived, own as never)
    return { ...shown, proof: { ...(shown['proof'] as JsonObject), proofValue } }
  }
  const cases: readonly {
    readonly title: string
    readonly make: () => JsonObject
    readonly code: string
  }[] = [
    {
      title: 'mandatory indexes that lead nowhere: a mark in a proof that stays right',
      make: () => withParts((own) => (own[2] as number[]).push(4711)),
      code: 'proof.malformed',
    },
    {
      title: 'mandatory indexes in another order',
      make: () => withParts((own) => (own[2] = [...(own[2] as number[])].reverse())),
      code: 'proof.malformed',
    },
    {
      title: 'labels for nodes that are not there',
      make: () =>
        withParts((own) => (own[1] = new Map([...(own[1] as Map<number, number>), [77, 7]]))),
      code: 'proof.malformed',
    },
    {
      title: 'a component more',
      make: () => withParts((own) => own.push('whatever')),
      code: 'proof.malformed',
    },
    {
      title: 'a claim that is null, which RDF has not',
      make: () => ({
        ...shown,
        credentialSubject: { ...(shown['credentialSubject'] as JsonObject), family_name: null },
      }),
      code: 'jsonld.unsupported',
    },
  ]
  test.each(cases)('$title', async ({ make, code }) => {
    const changed = make()
    expect(await theirs.accepts(changed)).toBe(true)
    expect(await ours.problems(changed)).toEqual([code])
  })
})

const derived = Uint8Array.of(0xd9, 0x5d, 0x03)

function flipped({ proofValue }: JsonObject, at: number): string {
  const bytes = fromBase64url(String(proofValue).slice(1)) ?? new Uint8Array()
  bytes[at] = (bytes[at] as number) ^ 1
  return `u${toBase64url(bytes)}`
}
