import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  canonicalizeAndGroup,
  canonicalizeWithLabels,
  canonicalProofConfig,
  createHmac,
  givenLabels,
  hashMandatory,
  hashProofConfig,
  hmacLabels,
  selectJsonLd,
  shuffledHmacLabels,
  verifierLabels,
} from '../src/primitives.ts'
import { hmacKey, jsonLdOfVectors, toHex } from './contexts.ts'

interface MapFile {
  readonly value: readonly (readonly [number, string])[]
}

const cases = [
  { folder: 'w3c-di-ecdsa', name: 'ecdsa-sd-2023/prc', files: 'prCred', labels: hmacLabels },
  { folder: 'w3c-di-ecdsa', name: 'ecdsa-sd-2023/employ', files: 'employ', labels: hmacLabels },
  { folder: 'w3c-di-bbs', name: 'prc', files: 'prCred', labels: shuffledHmacLabels },
  { folder: 'w3c-di-bbs', name: '', files: 'wind', labels: shuffledHmacLabels },
]

for (const { folder, name, files, labels } of cases) {
  vectorSuite(folder, async (vectors) => {
    const root = 'TestVectors'
    const inFolder = (file: string): string => `${root}/${name === '' ? '' : `${name}/`}${file}`
    // The unsigned document of a folder is not always the one that was signed.
    const unsecured = async (file: string): Promise<JsonObject> => {
      const { proof: _, ...document } = await vectors.json<JsonObject>(inFolder(file))
      return document
    }
    const document = await unsecured('addSignedSDBase.json')
    const mandatory = await vectors.json<string[]>(`${root}/${files}Mandatory.json`)
    const selective = await vectors.json<string[]>(`${root}/${files}Selective.json`)
    const processor = await jsonLdOfVectors(vectors)
    const factory = labels(await createHmac(hmacKey))

    test(`${name} canonicalises under the labels that were signed`, async () => {
      const expected = await vectors.json(inFolder('addBaseDocHMACCanon.json'))
      expect(await canonicalizeWithLabels(processor, document, factory)).toEqual(expected)
    })

    test(`${name} groups the statements of the base proof and hashes the mandatory ones`, async () => {
      const expected = await vectors.json<{ mandatory: MapFile; nonMandatory: MapFile }>(
        inFolder('addBaseTransform.json'),
      )
      const { groups } = await canonicalizeAndGroup(processor, document, {
        labels: factory,
        groups: { mandatory },
      })
      expect([...groups.mandatory.matching]).toEqual(expected.mandatory.value)
      expect([...groups.mandatory.nonMatching]).toEqual(expected.nonMandatory.value)
      const hashes = await vectors.json<{ mandatoryHash: string }>(inFolder('addHashData.json'))
      expect(toHex(await hashMandatory(groups.mandatory.matching.values()))).toBe(
        hashes.mandatoryHash,
      )
    })

    test(`${name} canonicalises and hashes the proof configuration`, async () => {
      const proof = await vectors.json<JsonObject>(inFolder('addProofConfig.json'))
      const expected = await vectors.text(inFolder('addProofConfigCanon.txt'))
      expect(await canonicalProofConfig(processor, proof, document)).toBe(expected)
      const { proofHash } = await vectors.json<{ proofHash: string }>(inFolder('addHashData.json'))
      expect(toHex(await hashProofConfig(processor, proof, document))).toBe(proofHash)
    })

    test(`${name} discloses what was selected, with the labels for the verifier`, async () => {
      const combined = [...mandatory, ...selective]
      const grouped = await canonicalizeAndGroup(processor, document, {
        labels: factory,
        groups: { mandatory, selective, combined },
      })
      const indexes = await vectors.json<Record<string, number[]>>(
        inFolder('derivedGroupIndexes.json'),
      )
      expect([...grouped.groups.combined.matching.keys()]).toEqual(indexes['combinedIndexes'])
      expect([...grouped.groups.mandatory.matching.keys()]).toEqual(indexes['mandatoryIndexes'])
      expect([...grouped.groups.selective.matching.keys()]).toEqual(indexes['selectiveIndexes'])
      const revealed = await unsecured('derivedRevealDocument.json')
      expect(selectJsonLd(document, combined)).toEqual(revealed)
      const { labelMap } = await vectors.json<{
        labelMap: { value: readonly (readonly [string, string])[] }
      }>(inFolder('derivedDisclosureData.json'))
      const given = await verifierLabels(processor, grouped.groups.combined, grouped.labels)
      expect(new Map(given)).toEqual(new Map(labelMap.value))
      // What a verifier sees are the statements of the combined group.
      expect(await canonicalizeWithLabels(processor, revealed, givenLabels(given))).toEqual([
        ...grouped.groups.combined.matching.values(),
      ])
    })
  })
}
