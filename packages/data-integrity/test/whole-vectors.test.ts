import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  addProof,
  type Cryptosuite,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  eddsaJcs2022,
  eddsaRdfc2022,
  type RdfProcessor,
  verifyProof,
} from '../src/index.ts'
import { didKeyKeys, jsonLdOfVectors, signerOf } from './contexts.ts'

const now = new Date('2024-06-01T00:00:00Z')
const expectation = {
  kind: 'credential' as const,
  proofPurpose: 'assertionMethod',
  domain: undefined,
  challenge: undefined,
  now,
  clockTolerance: 0,
  findKey: didKeyKeys,
}

const cases: readonly {
  readonly folder: string
  readonly signed: string
  readonly unsigned: string
  readonly keys: string
  readonly suite: (processor: RdfProcessor) => Cryptosuite
}[] = [
  ...(['eddsa-rdfc-2022/', 'eddsa-rdfc-2022/employ/'] as const).map((name, index) => ({
    folder: 'w3c-di-eddsa',
    signed: `${name}signedDataInt.json`,
    unsigned: index === 0 ? 'unsigned.json' : 'employmentAuth.json',
    keys: 'keyPair.json',
    suite: eddsaRdfc2022,
  })),
  {
    folder: 'w3c-di-eddsa',
    signed: 'eddsa-jcs-2022/signedJCS.json',
    unsigned: 'unsigned.json',
    keys: 'keyPair.json',
    suite: eddsaJcs2022,
  },
  ...(['256', '384'] as const).flatMap((bits) => [
    ...(['', 'employ/'] as const).map((sub) => ({
      folder: 'w3c-di-ecdsa',
      signed: `ecdsa-rdfc-2019-p${bits}/${sub}signedECDSAP${bits}.json`,
      unsigned: sub === '' ? 'unsigned.json' : 'employmentAuth.json',
      keys: `p${bits}KeyPair.json`,
      suite: ecdsaRdfc2019,
    })),
    {
      folder: 'w3c-di-ecdsa',
      signed: `ecdsa-jcs-2019-p${bits}/signedJCSECDSAP${bits}.json`,
      unsigned: 'unsigned.json',
      keys: `p${bits}KeyPair.json`,
      suite: ecdsaJcs2019,
    },
  ]),
]

for (const { folder, signed, unsigned, keys, suite } of cases) {
  vectorSuite(folder, async (vectors) => {
    const processor = await jsonLdOfVectors(vectors)
    const document = await vectors.json<JsonObject & { readonly proof: JsonObject }>(
      `TestVectors/${signed}`,
    )
    const made = suite(processor)

    test(`${signed} verifies`, async () => {
      const result = await verifyProof(document, { ...expectation, suites: [made] })
      expect(result).toMatchObject({ verified: true })
    })

    test(`${signed} does not verify with any other claim`, async () => {
      const changed = { ...document, issuer: 'https://other.example/' }
      const result = await verifyProof(changed, { ...expectation, suites: [made] })
      expect(result).toMatchObject({
        verified: false,
        problems: [{ code: 'proof.signature-invalid', path: '/proof' }],
      })
    })

    test(`${signed} is made again, byte for byte where that can be`, async () => {
      const pair = await vectors.json<Record<string, string>>(`TestVectors/${keys}`)
      const publicKey = pair['publicKeyMultibase'] as string
      const secretKey = pair['privateKeyMultibase'] ?? pair['secretKeyMultibase'] ?? ''
      const again = await addProof(await vectors.json(`TestVectors/${unsigned}`), {
        suite: made,
        signer: {
          ...(await signerOf(publicKey, secretKey)),
          verificationMethod: document.proof['verificationMethod'] as string,
        },
        proofPurpose: 'assertionMethod',
        created: new Date(document.proof['created'] as string),
      })
      // The nonces of ECDSA in the vectors are nobody's guess; all else is the same.
      if (folder === 'w3c-di-eddsa') return expect(again).toEqual(document)
      const proof = { ...document.proof, proofValue: expect.stringMatching(/^z/) }
      expect(again).toEqual({ ...document, proof })
      expect(await verifyProof(again, { ...expectation, suites: [made] })).toMatchObject({
        verified: true,
      })
    })
  })
}

vectorSuite('w3c-di-eddsa', async (vectors) => {
  const folder = 'TestVectors/proof-set-chain'
  const suites = [eddsaRdfc2022(await jsonLdOfVectors(vectors))]
  const read = async (name: string) => vectors.json<JsonObject>(`${folder}/${name}.json`)
  const pairs = await vectors.json<Record<string, Record<string, string>>>(
    `${folder}/multiKeyPairs.json`,
  )

  for (const name of [
    'signedProofSet1',
    'signedProofSet2',
    'signedProofChain1',
    'signedProofChain2',
  ]) {
    test(`${name} verifies`, async () => {
      const result = await verifyProof(await read(name), { ...expectation, suites })
      expect(result).toMatchObject({ verified: true })
    })
  }

  test('sets and chains are made byte for byte', async () => {
    let document = await read('unsigned')
    const steps = ['signedProofSet1', 'signedProofSet2', 'signedProofChain1', 'signedProofChain2']
    for (const [index, name] of steps.entries()) {
      const wanted = await read(name)
      const proof = [wanted['proof'] ?? []].flat().at(-1) as JsonObject
      const pair = pairs[`keyPair${index + 1}`]
      const { id, previousProof } = proof
      document = await addProof(document, {
        suite: suites[0] as Cryptosuite,
        signer: await signerOf(
          pair?.['publicKeyMultibase'] ?? '',
          pair?.['privateKeyMultibase'] ?? '',
        ),
        proofPurpose: 'assertionMethod',
        created: new Date(proof['created'] as string),
        ...(typeof id === 'string' && { id }),
        ...(previousProof !== undefined && { previousProof: previousProof as string[] }),
      })
      expect([document['proof']].flat()).toEqual([wanted['proof']].flat())
    }
  })

  test('a chain does not verify without the proof that it builds on', async () => {
    const chain = await read('signedProofChain2')
    const proofs = chain['proof'] as readonly JsonObject[]
    const without = { ...chain, proof: proofs.filter((_, index) => index !== 2) }
    const result = await verifyProof(without, { ...expectation, suites })
    expect(result).toMatchObject({
      problems: [{ code: 'proof.malformed', path: '/proof/2/previousProof' }],
    })
  })

  test('a chain does not verify with another proof in place of the one it builds on', async () => {
    const chain = await read('signedProofChain1')
    const [first, second, third] = chain['proof'] as readonly JsonObject[]
    const swapped = { ...second, proofValue: first?.['proofValue'] ?? '' }
    const result = await verifyProof(
      { ...chain, proof: [first as JsonObject, swapped, third as JsonObject] },
      { ...expectation, suites },
    )
    expect(result.verified ? [] : result.problems.map(({ path }) => path)).toEqual([
      '/proof/1',
      '/proof/2',
    ])
  })
})
