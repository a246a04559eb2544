import { isJsonObject, type JsonObject } from '@asoba/core'
import { createJsonLd, type RdfProcessor } from '@asoba/data-integrity'
import { proofConfig } from '@asoba/data-integrity/primitives'
import { type Vectors, vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { proveWith } from '../../src/scheme/prove.ts'
import { plainProfile, sign, verify, verifyProof } from '../../src/scheme.ts'
import { disclose } from '../../src/suite/disclose.ts'
import {
  decodeBaseProof,
  decodeDerivedProof,
  encodeDerivedProof,
} from '../../src/suite/proof-value.ts'
import { readShown } from '../../src/suite/read-shown.ts'
import { signBase } from '../../src/suite/sign-base.ts'
import { hex, mocked, text, unhex } from '../scheme/support.ts'

interface KeyMaterial {
  readonly publicKeyHex: string
  readonly privateKeyHex: string
  readonly hmacKeyString: string
}

async function processorFor(vectors: Vectors): Promise<RdfProcessor> {
  return createJsonLd({
    contexts: [
      {
        url: 'https://w3id.org/citizenship/v4rc1',
        document: await vectors.json('../jsonld-contexts/citizenship-v4rc1.jsonld'),
      },
    ],
  })
}

// Both proofs are of the baseline; the random scalars of the derived ones are mocked.
for (const [name, folder, pointers] of [
  ['the windsurf credential', '', 'wind'],
  ['the permanent resident card', 'prc/', 'prCred'],
] as const) {
  vectorSuite('w3c-di-bbs', async (vectors) => {
    const json = <T>(path: string): Promise<T> => vectors.json<T>(`TestVectors/${path}`)
    const processor = await processorFor(vectors)
    const keys = await json<KeyMaterial>('BBSKeyMaterial.json')
    const publicKey = unhex(keys.publicKeyHex)
    const base = await json<JsonObject>(`${folder}addSignedSDBase.json`)
    const derived = await json<JsonObject>(`${folder}derivedRevealDocument.json`)
    const mandatoryPointers = await json<string[]>(`${pointers}Mandatory.json`)
    const selective = await json<string[]>(`${pointers}Selective.json`)
    const parts = (document: JsonObject) => {
      const { proof, ...rest } = document
      return { document: rest, proof: isJsonObject(proof) ? proof : {} }
    }

    test(`the base proof of ${name} is made byte for byte`, async () => {
      const { document, proof } = parts(base)
      const secretKey = unhex(keys.privateKeyHex)
      const value = await signBase(
        processor,
        {
          document,
          proof,
          mandatoryPointers,
          hmacKey: unhex(keys.hmacKeyString),
          publicKey,
          feature: 'baseline',
        },
        async ({ header, messages }) =>
          sign(plainProfile({ messages: messages.length }), { secretKey, header, messages }),
      )
      expect(value).toBe(proof['proofValue'])
    })

    test(`the derived proof of ${name} is made byte for byte`, async () => {
      const { document, proof } = parts(base)
      const value = decodeBaseProof('baseline', proof['proofValue'])
      if (value === undefined) throw new Error('no base proof')
      const shown = await disclose(processor, document, { base: value, pointers: selective })
      const random = await json<{ presentationHeaderHex: string; pseudoRandSeedHex: string }>(
        'BBSDeriveMaterial.json',
      )
      const presentationHeader = unhex(random.presentationHeaderHex)
      const profile = plainProfile({ messages: shown.messages.length })
      const { header, signature } = value
      expect(verify(profile, { publicKey, header, signature, messages: shown.messages })).toBe(true)
      // The drafts have another suffix; these vectors were made without any.
      const dst = 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_'
      const { proof: bytes } = proveWith(
        profile,
        {
          publicKey,
          signature,
          header,
          presentationHeader,
          messages: shown.messages,
          disclosed: shown.selectiveIndexes,
        },
        undefined,
        mocked(unhex(random.pseudoRandSeedHex), text(dst)),
      )
      const data = await json<{ bbsProof: string }>(`${folder}derivedDisclosureData.json`)
      expect(hex(bytes)).toBe(data.bbsProof)
      const proofValue = encodeDerivedProof('baseline', {
        proof: bytes,
        labels: shown.labels,
        mandatoryIndexes: shown.mandatoryIndexes,
        selectiveIndexes: shown.selectiveIndexes,
        presentationHeader,
      })
      expect({ ...shown.document, proof: { ...proof, proofValue } }).toEqual(derived)
    })

    test(`the derived proof of ${name} verifies`, async () => {
      const { document, proof } = parts(derived)
      const value = decodeDerivedProof('baseline', proof['proofValue'])
      if (value === undefined) throw new Error('no derived proof')
      const statements = {
        document: await processor.toNQuads(document),
        proof: await processor.toNQuads(proofConfig(proof, document)),
      }
      const shown = await readShown(processor, { statements, value })
      if (!shown.verified) throw new Error('the indexes do not fit')
      const { messages } = await disclose(processor, parts(base).document, {
        base: decodeBaseProof('baseline', parts(base).proof['proofValue']) ?? neverHappens(),
        pointers: selective,
      })
      const profile = plainProfile({ messages: messages.length })
      const { presentationHeader, proof: bytes } = value
      const statement = { publicKey, presentationHeader, proof: bytes, ...shown }
      expect(verifyProof(profile, statement)).toBe(true)
      const [first, ...rest] = shown.disclosed
      const changed = { index: first?.index ?? 0, message: text('_:b0 <a> "b" .\n') }
      expect(verifyProof(profile, { ...statement, disclosed: [changed, ...rest] })).toBe(false)
    })
  })
}

function neverHappens(): never {
  throw new Error('no base proof')
}
