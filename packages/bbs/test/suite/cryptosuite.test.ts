import {
  type BbsSigner,
  equalBytes,
  fromBase64url,
  isJsonObject,
  type JsonObject,
  type Signer,
  toBase64url,
  type Verified,
} from '@asoba/core'
import {
  addProof,
  type Cryptosuite,
  createJsonLd,
  deriveProof,
  eddsaJcs2022,
  type FindProofKey,
  verifyProof,
} from '@asoba/data-integrity'
import { everythingIn, vectorSuite } from '@asoba/testing'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type AnonymousHolder,
  type Bbs2023CryptosuiteOptions,
  bbs2023Cryptosuite,
  commitToSecret,
} from '../../src/cryptosuite.ts'
import { type BbsKeyPair, bbsJwk, bbsSigner, createBbsKey } from '../../src/index.ts'
import { blindProfile, commit, createScalar } from '../../src/scheme.ts'
import { decodeDerivedProof, encodeDerivedProof } from '../../src/suite/proof-value.ts'
import { unhex } from '../scheme/support.ts'

const contextUrl = 'https://club.example/contexts/v1'
const processor = createJsonLd({
  contexts: [
    {
      url: contextUrl,
      document: {
        '@context': {
          '@protected': true,
          member: 'https://club.example/terms#member',
          boats: 'https://club.example/terms#boats',
          called: 'https://club.example/terms#called',
          length: 'https://club.example/terms#length',
        },
      },
    },
  ],
})
const method = 'did:web:club.example#key-1'
/** Somebody's document: identifiers, an array of objects, no credential type that we know. */
const document: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', contextUrl],
  id: 'urn:uuid:7a9a37a8-9f24-4d0b-a8e2-ca45b9f6b3c1',
  type: ['VerifiableCredential'],
  issuer: 'did:web:club.example',
  credentialSubject: {
    member: '17',
    boats: [
      { called: 'Žabka', length: 3 },
      { called: 'PlantedSecret', length: 4 },
    ],
  },
}
const mandatoryPointers = ['/issuer', '/credentialSubject/member']
const presentationHeader = new TextEncoder().encode('for the harbour, nonce 4711')
const holder: AnonymousHolder = {
  secret: new TextEncoder().encode('PlantedSecret of thirty-two byte'),
  blind: createScalar(),
}
const features = {
  baseline: { feature: 'baseline' },
  anonymous_holder_binding: {
    feature: 'anonymous_holder_binding',
    commitmentWithProof: commitToSecret(holder),
    holder,
  },
} as const
const withHeader = (
  feature: keyof typeof features,
  header: Uint8Array | undefined = presentationHeader,
): Cryptosuite<'bbs-2023', BbsSigner> =>
  bbs2023Cryptosuite(processor, { ...features[feature], presentationHeader: header })

let key: BbsKeyPair
let signer: BbsSigner
beforeAll(() => {
  key = createBbsKey()
  signer = bbsSigner({ secretKey: key.secretKey, verificationMethod: method })
})

const findKey: FindProofKey = async () => ({
  verified: true,
  checks: [],
  publicJwk: key.publicJwk,
  controller: 'did:web:club.example',
})

function judge(
  shown: unknown,
  suite: Cryptosuite,
  find: FindProofKey = findKey,
): ReturnType<typeof verifyProof> {
  return verifyProof(shown, {
    kind: 'document',
    suites: [suite],
    proofPurpose: 'assertionMethod',
    domain: undefined,
    challenge: undefined,
    now: new Date('2026-11-24T12:00:00Z'),
    clockTolerance: 60,
    findKey: find,
  })
}

const codes = (result: Verified<object>): readonly string[] =>
  result.verified ? [] : result.problems.map(({ code }) => code)

const signedWith = (suite: Cryptosuite<string, BbsSigner>): Promise<JsonObject> =>
  addProof(document, { suite, signer, proofPurpose: 'assertionMethod', mandatoryPointers })

const proofOf = ({ proof }: JsonObject): JsonObject => (isJsonObject(proof) ? proof : {})

describe.each(Object.keys(features) as (keyof typeof features)[])('%s', (feature) => {
  const suite = withHeader(feature)
  let signed: JsonObject
  let shown: JsonObject
  beforeAll(async () => {
    signed = await signedWith(suite)
    shown = await deriveProof(signed, { suite, pointers: ['/credentialSubject/boats/0/called'] })
  })
  const changed = (change: JsonObject): JsonObject => ({
    ...shown,
    proof: { ...proofOf(shown), ...change },
  })
  const value = () => {
    const found = decodeDerivedProof(feature, proofOf(shown)['proofValue'])
    if (found === undefined) throw new Error('no derived proof')
    return found
  }

  test('shows what the pointers lead to and what is mandatory, and verifies', async () => {
    const { proof, ...rest } = shown
    expect(rest).toEqual({
      '@context': document['@context'],
      id: document['id'],
      type: document['type'],
      issuer: document['issuer'],
      credentialSubject: { member: '17', boats: [{ called: 'Žabka' }] },
    })
    expect(isJsonObject(proof) && Object.keys(proof).sort()).toEqual([
      'cryptosuite',
      'proofPurpose',
      'proofValue',
      'type',
      'verificationMethod',
    ])
    const result = await judge(shown, suite)
    expect(result.verified && result.proofs[0]?.verificationMethod).toBe(method)
  })

  test('shows the whole document, or the mandatory part alone', async () => {
    for (const pointers of [[], ['']]) {
      const derived = await deriveProof(signed, { suite, pointers })
      expect(codes(await judge(derived, suite))).toEqual([])
    }
  })

  test('two derived proofs share nothing but what they show', async () => {
    const again = await deriveProof(signed, {
      suite,
      pointers: ['/credentialSubject/boats/0/called'],
    })
    const { proofValue: one } = proofOf(shown)
    const { proofValue: two } = proofOf(again)
    expect(two).not.toBe(one)
    const other = decodeDerivedProof(feature, two)?.proof ?? new Uint8Array()
    const { proof } = value()
    for (let at = 0; at + 48 <= proof.length; at += 16) {
      expect(equalBytes(proof.subarray(at, at + 48), other.subarray(at, at + 48))).toBe(false)
    }
  })

  test('accepts no other request, unless it accepts any', async () => {
    const another = withHeader(feature, new Uint8Array(1))
    expect(codes(await judge(shown, another))).toEqual(['proof.challenge-mismatch'])
    const any = bbs2023Cryptosuite(processor, { feature, presentationHeader: undefined })
    expect(codes(await judge(shown, any))).toEqual([])
    const unbound = await deriveProof(signed, {
      suite: bbs2023Cryptosuite(processor, { ...features[feature], presentationHeader: undefined }),
      pointers: [],
    })
    expect(codes(await judge(unbound, any))).toEqual([])
    expect(codes(await judge(unbound, suite))).toEqual(['proof.challenge-mismatch'])
  })

  test('refuses a header that was exchanged', async () => {
    const proofValue = encodeDerivedProof(feature, {
      ...value(),
      presentationHeader: new Uint8Array(1),
    })
    const another = withHeader(feature, new Uint8Array(1))
    expect(codes(await judge(changed({ proofValue }), another))).toEqual([
      'proof.signature-invalid',
    ])
  })

  test('refuses a claim, an issuer or an option that was changed', async () => {
    const subject = { member: '17', boats: [{ called: 'Ропуха' }] }
    for (const wrong of [
      { ...shown, credentialSubject: subject },
      { ...shown, issuer: 'did:web:elsewhere.example' },
      changed({ created: '2026-11-24T00:00:00Z' }),
    ]) {
      expect(codes(await judge(wrong, suite))).toEqual(['proof.signature-invalid'])
    }
    const more = { member: '17', boats: [{ called: 'Žabka', length: 3 }] }
    expect(codes(await judge({ ...shown, credentialSubject: more }, suite))).toEqual([
      'proof.malformed',
    ])
  })

  test('refuses another key, and what is no key of BBS', async () => {
    const stranger = createBbsKey().publicJwk
    for (const publicJwk of [
      stranger,
      { ...stranger, crv: 'Ed25519' },
      bbsJwk(new Uint8Array(3)),
    ]) {
      const found = await judge(shown, suite, async () => ({
        verified: true,
        checks: [],
        publicJwk,
        controller: '',
      }))
      expect(codes(found)).toEqual(['proof.signature-invalid'])
    }
  })

  test('refuses a base proof, and every other feature', async () => {
    expect(codes(await judge(signed, suite))).toEqual(['proof.malformed'])
    const other = feature === 'baseline' ? 'anonymous_holder_binding' : 'baseline'
    expect(codes(await judge(shown, withHeader(other)))).toEqual(['proof.malformed'])
    await expect(
      deriveProof(signed, { suite: withHeader(other), pointers: [] }),
    ).rejects.toMatchObject({ code: 'proof.malformed' })
  })

  test('refuses another number of messages, or of responses', async () => {
    const { proof, messages = 0, selectiveIndexes } = value()
    const forged = [
      { proof: proof.subarray(0, -32) },
      { proof: new Uint8Array([...proof, ...proof.subarray(-32)]) },
      { proof: new Uint8Array() },
      { proof: new Uint8Array(272 + 32 * 2000) },
      { selectiveIndexes: selectiveIndexes.map((index) => index + 100) },
      ...(feature === 'baseline' ? [] : [{ messages: messages + 1 }, { messages: messages - 1 }]),
    ]
    for (const one of forged) {
      const proofValue = encodeDerivedProof(feature, { ...value(), ...one })
      const found = codes(await judge(changed({ proofValue }), suite))
      expect(['proof.malformed', 'proof.signature-invalid']).toContain(found[0])
    }
  })

  test('derives nothing from a base proof that is not of this document, key or holder', async () => {
    const named = { ...document, name: 'of somebody else' }
    const stranger = await addProof(document, {
      suite,
      signer: {
        ...bbsSigner({ ...createBbsKey(), verificationMethod: method }),
        publicKey: key.publicKey,
      },
      proofPurpose: 'assertionMethod',
    })
    for (const one of [{ ...named, proof: signed['proof'] ?? null }, stranger]) {
      await expect(deriveProof(one, { suite, pointers: [''] })).rejects.toMatchObject({
        code: 'proof.malformed',
      })
    }
    await expect(deriveProof(signed, { suite, pointers: ['/nothing'] })).rejects.toMatchObject({
      code: 'disclosure.pointer-unknown',
    })
  })

  test('never throws and never verifies where a byte of the proof is flipped', async () => {
    const bytes = fromBase64url(String(proofOf(shown)['proofValue']).slice(1)) ?? new Uint8Array()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const flipped = bytes.slice()
          flipped[at] = (flipped[at] as number) ^ by
          const result = await judge(changed({ proofValue: `u${toBase64url(flipped)}` }), suite)
          expect(result.verified).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('never throws whatever the proof value is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.jsonValue()), async (proofValue) => {
        const result = await judge(changed({ proofValue: proofValue as never }), suite)
        expect(result.verified).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  test('no refusal repeats a claim or a secret', async () => {
    const wrong = await judge({ ...signed, issuer: 'did:web:elsewhere.example' }, suite)
    const thrown = await deriveProof({ ...signed, issuer: 'x:y' }, { suite, pointers: [''] }).then(
      () => '',
      everythingIn,
    )
    expect(wrong.verified || thrown === '').toBe(false)
    expect(everythingIn(wrong) + thrown).not.toContain('PlantedSecret')
  })
})

describe('anonymous holder binding', () => {
  const { feature } = features.anonymous_holder_binding
  const make = (
    change: Partial<Omit<Bbs2023CryptosuiteOptions & { feature: typeof feature }, 'feature'>>,
  ) => bbs2023Cryptosuite(processor, { feature, presentationHeader, ...change })

  test('nobody derives a proof without the secret that was committed to', async () => {
    const signed = await signedWith(withHeader(feature))
    const thief = { ...holder, secret: new Uint8Array(32) }
    await expect(
      deriveProof(signed, { suite: make({ holder: thief }), pointers: [''] }),
    ).rejects.toMatchObject({ code: 'proof.malformed' })
    await expect(deriveProof(signed, { suite: make({}), pointers: [''] })).rejects.toThrow(
      TypeError,
    )
  })

  test('nothing is signed without a good commitment to just one secret', async () => {
    const two = commit(blindProfile({ messages: 0, committed: 2 }), {
      blind: holder.blind,
      committedMessages: [holder.secret, holder.secret],
      nyms: [],
    })
    const broken = features[feature].commitmentWithProof.slice()
    broken[100] = (broken[100] as number) ^ 1
    for (const commitmentWithProof of [two, broken, new Uint8Array()]) {
      await expect(signedWith(make({ commitmentWithProof }))).rejects.toMatchObject({
        code: 'bbs.commitment-invalid',
      })
    }
    await expect(signedWith(make({}))).rejects.toThrow(TypeError)
  })
})

test('a signer and a suite of different kinds are refused', async () => {
  const purpose = { proofPurpose: 'assertionMethod' }
  const eddsa: Signer = {
    algorithm: 'EdDSA',
    verificationMethod: method,
    sign: async () => new Uint8Array(64),
  }
  const one: Cryptosuite = withHeader('baseline')
  const other: Cryptosuite = eddsaJcs2022()
  await expect(addProof(document, { suite: one, signer: eddsa, ...purpose })).rejects.toThrow(
    TypeError,
  )
  await expect(addProof(document, { suite: other, signer, ...purpose })).rejects.toThrow(TypeError)
  const feature = 'pseudonym' as 'baseline'
  expect(() => bbs2023Cryptosuite(processor, { feature, presentationHeader })).toThrow(TypeError)
})

test('a document of more statements than one signature takes is refused', async () => {
  const boats = Array.from({ length: 600 }, (_, length) => ({ called: `boat ${length}`, length }))
  const many = { ...document, credentialSubject: { boats } }
  const suite = withHeader('baseline')
  await expect(
    addProof(many, { suite, signer, proofPurpose: 'assertionMethod' }),
  ).rejects.toMatchObject({ code: 'jsonld.unsupported' })
})

for (const folder of ['', 'prc/']) {
  vectorSuite('w3c-di-bbs', async (vectors) => {
    const contexts = [
      {
        url: 'https://w3id.org/citizenship/v4rc1',
        document: await vectors.json<JsonObject>('../jsonld-contexts/citizenship-v4rc1.jsonld'),
      },
    ]
    test(`the W3C’s ${folder || 'windsurf'} proofs are derived from and verified as any others`, async () => {
      const json = <T>(path: string): Promise<T> => vectors.json<T>(`TestVectors/${path}`)
      const { publicKeyHex } = await json<{ publicKeyHex: string }>('BBSKeyMaterial.json')
      const { presentationHeaderHex } = await json<{ presentationHeaderHex: string }>(
        'BBSDeriveMaterial.json',
      )
      const suite = bbs2023Cryptosuite(createJsonLd({ contexts }), {
        feature: 'baseline',
        presentationHeader: unhex(presentationHeaderHex),
      })
      const find: FindProofKey = async () => ({
        verified: true,
        checks: [],
        publicJwk: bbsJwk(unhex(publicKeyHex)),
        controller: '',
      })
      const derived = await json<JsonObject>(`${folder}derivedRevealDocument.json`)
      expect(codes(await judge(derived, suite, find))).toEqual([])
      const base = await json<JsonObject>(`${folder}addSignedSDBase.json`)
      const pointers = await json<string[]>(folder ? 'prCredSelective.json' : 'windSelective.json')
      const own = await deriveProof(base, { suite, pointers })
      expect(codes(await judge(own, suite, find))).toEqual([])
      expect({ ...own, proof: 0 }).toEqual({ ...derived, proof: 0 })
    })
  })
}
