import { canonicalize, concatBytes, digest, fromBase58, type JsonObject, utf8 } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { fromHex, jsonLdOfVectors, toHex } from './contexts.ts'

const folders = [
  { folder: 'w3c-di-eddsa', name: 'eddsa-jcs-2022', mark: 'JCS' },
  { folder: 'w3c-di-eddsa', name: 'eddsa-rdfc-2022', mark: 'DataInt' },
  { folder: 'w3c-di-eddsa', name: 'eddsa-rdfc-2022/employ', mark: 'DataInt' },
  ...(['256', '384'] as const).flatMap((bits) => [
    { folder: 'w3c-di-ecdsa', name: `ecdsa-jcs-2019-p${bits}`, mark: `JCSECDSAP${bits}` },
    { folder: 'w3c-di-ecdsa', name: `ecdsa-rdfc-2019-p${bits}`, mark: `ECDSAP${bits}` },
    { folder: 'w3c-di-ecdsa', name: `ecdsa-rdfc-2019-p${bits}/employ`, mark: `ECDSAP${bits}` },
  ]),
]

/** What lies between a document and its proof, where only the result was compared before. */
for (const { folder, name, mark } of folders) {
  vectorSuite(folder, async (vectors) => {
    const at = (file: string): string => `TestVectors/${name}/${file}`
    const text = async (file: string): Promise<string> => (await vectors.text(at(file))).trim()
    const hash = name.includes('p384') ? 'SHA-384' : 'SHA-256'
    const jcs = name.includes('jcs')
    const processor = await jsonLdOfVectors(vectors)
    const canonical = async (document: JsonObject): Promise<string> =>
      jcs
        ? canonicalize(document)
        : (await processor.canonize(await processor.toNQuads(document), hash)).nquads
            .join('')
            .trim()
    const hashed = async (canon: string): Promise<string> =>
      toHex(await digest(hash, utf8(jcs ? canon : `${canon}\n`)))
    const signed = await vectors.json<JsonObject & { readonly proof: JsonObject }>(
      at(`signed${mark}.json`),
    )

    test(`${name}: the document as it is hashed`, async () => {
      const { proof: _, ...document } = signed
      expect(await canonical(document)).toBe(await text(`canonDoc${mark}.txt`))
      expect(await hashed(await text(`canonDoc${mark}.txt`))).toBe(await text(`docHash${mark}.txt`))
    })

    test(`${name}: the options of the proof as they are hashed`, async () => {
      const config = await vectors.json<JsonObject>(at(`proofConfig${mark}.json`))
      const { proofValue: _, ...options } = signed.proof
      expect(config).toMatchObject(options)
      expect(await canonical(config)).toBe(await text(`proofCanon${mark}.txt`))
      expect(await hashed(await text(`proofCanon${mark}.txt`))).toBe(
        await text(`proofHash${mark}.txt`),
      )
    })

    test(`${name}: both hashes as they are signed, and the value of the signature`, async () => {
      const [proof, document] = [
        await text(`proofHash${mark}.txt`),
        await text(`docHash${mark}.txt`),
      ]
      const both = concatBytes(fromHex(proof), fromHex(document))
      expect(toHex(both)).toBe(await text(`combinedHash${mark}.txt`))
      const value = String(signed.proof['proofValue'])
      expect(await text(`sigBTC58${mark}.txt`)).toBe(value)
      expect(toHex(fromBase58(value.slice(1)) ?? new Uint8Array())).toBe(
        await text(`sigHex${mark}.txt`),
      )
    })
  })
}

const whole =
  /(canonDoc|docHash|proofCanon|proofHash|combinedHash|sigBTC58|sigHex)[A-Za-z0-9]*\.txt$|proofConfig[A-Za-z0-9]*\.json$/
const used: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'w3c-di-eddsa': [
    [/Ed25519Signature2020\//, 'an older suite, which is not implemented'],
    [/proof-set-chain\/(signed\w+|unsigned|multiKeyPairs)\.json$/, 'whole-vectors'],
    [
      /proof-set-chain\/proof(Set|Chain)\w+\.json$/,
      'states in between: the results are compared byte for byte',
    ],
    [/\/signed\w+\.json$/, 'whole-vectors'],
    [whole, 'here'],
    [/TestVectors\/(unsigned|employmentAuth|keyPair)\.json$/, 'whole-vectors'],
  ],
  'w3c-di-ecdsa': [
    [
      /ecdsa-sd-2023\/(prc|employ)\/add(BaseDocHMACCanon|BaseTransform|HashData|ProofConfig|SignedSDBase)\.json$/,
      'selective-vectors',
    ],
    [/ecdsa-sd-2023\/(prc|employ)\/addProofConfigCanon\.txt$/, 'selective-vectors'],
    [
      /ecdsa-sd-2023\/(prc|employ)\/derived(GroupIndexes|RevealDocument|DisclosureData)\.json$/,
      'selective-vectors',
    ],
    [/ecdsa-sd-2023\/SDKeyMaterial\.json$/, 'ecdsa-sd-vectors'],
    [
      /ecdsa-sd-2023\/(prc|employ)\/(add|derived|verify)\w+\.json$/,
      'states in between: derived proofs are compared byte for byte',
    ],
    [/ecdsa-(jcs|rdfc)-2019.*\/signed\w+\.json$/, 'whole-vectors'],
    [whole, 'here'],
    [/TestVectors\/(employ|prCred)(Mandatory|Selective)\.json$/, 'selective-vectors'],
    [
      /TestVectors\/(unsigned|employmentAuth|prCredUnsigned|p256KeyPair|p384KeyPair)\.json$/,
      'whole-vectors',
    ],
  ],
}

for (const [folder, entries] of Object.entries(used)) {
  vectorSuite(folder, async (vectors) => {
    test('every file is used by a test, or it is said why not', async () => {
      const files = (await vectors.files()).filter((path) => path.includes('TestVectors/'))
      expect(files.length).toBeGreaterThan(50)
      expect(files.filter((path) => !entries.some(([pattern]) => pattern.test(path)))).toEqual([])
      // A pattern that fits nothing says that the vectors have moved.
      expect(entries.filter(([pattern]) => !files.some((path) => pattern.test(path)))).toEqual([])
    })
  })
}
