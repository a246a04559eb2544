import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { addProof, deriveProof, ecdsaSd2023, hideableMembers, verifyProof } from '../src/index.ts'
import { didKeyKeys, jsonLdOfVectors, signerOf } from './contexts.ts'

const expectation = {
  kind: 'credential' as const,
  proofPurpose: 'assertionMethod',
  domain: undefined,
  challenge: undefined,
  now: new Date('2024-06-01T00:00:00Z'),
  clockTolerance: 0,
  findKey: didKeyKeys,
}

for (const [name, files] of [
  ['prc', 'prCred'],
  ['employ', 'employ'],
] as const) {
  vectorSuite('w3c-di-ecdsa', async (vectors) => {
    const suite = ecdsaSd2023(await jsonLdOfVectors(vectors))
    const folder = `TestVectors/ecdsa-sd-2023/${name}`
    const base = await vectors.json<JsonObject>(`${folder}/addSignedSDBase.json`)
    const derived = await vectors.json<JsonObject>(`${folder}/derivedRevealDocument.json`)
    const pointers = await vectors.json<string[]>(`TestVectors/${files}Selective.json`)
    const mandatoryPointers = await vectors.json<string[]>(`TestVectors/${files}Mandatory.json`)

    test(`the derived proof of ${name} is made byte for byte`, async () => {
      expect(await deriveProof(base, { suite, pointers })).toEqual(derived)
    })

    test(`the derived proof of ${name} verifies`, async () => {
      const result = await verifyProof(derived, { ...expectation, suites: [suite] })
      expect(result).toMatchObject({ verified: true })
    })

    test(`a base proof of our own like that of ${name} derives and verifies`, async () => {
      const { proof: _, ...document } = base
      const keys = await vectors.json<{ baseKeyPair: Record<string, string> }>(
        'TestVectors/ecdsa-sd-2023/SDKeyMaterial.json',
      )
      const { publicKeyMultibase = '', secretKeyMultibase = '' } = keys.baseKeyPair
      const signer = await signerOf(publicKeyMultibase, secretKeyMultibase)
      const again = await addProof(document, {
        suite,
        signer,
        proofPurpose: 'assertionMethod',
        mandatoryPointers,
        hideable: hideableMembers,
      })
      for (const chosen of [[], pointers, [''], pointers.slice(1)]) {
        const shown = await deriveProof(again, { suite, pointers: chosen })
        const result = await verifyProof(shown, { ...expectation, suites: [suite] })
        expect(result).toMatchObject({ verified: true })
      }
    })

    test(`a base proof of ${name} is for the holder alone`, async () => {
      const result = await verifyProof(base, { ...expectation, suites: [suite] })
      expect(result).toMatchObject({
        verified: false,
        problems: [{ code: 'proof.malformed', path: '/proof/proofValue' }],
      })
    })
  })
}
