import type { JsonObject } from '@asoba/core'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import {
  createSignCryptosuite as jcsEcdsaSign,
  createVerifyCryptosuite as jcsEcdsaVerify,
} from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite'
import * as ecdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as rdfcEcdsa } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import {
  createDiscloseCryptosuite,
  createSignCryptosuite as sdSign,
  createVerifyCryptosuite as sdVerify,
} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import {
  createSignCryptosuite as jcsEddsaSign,
  createVerifyCryptosuite as jcsEddsaVerify,
} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as rdfcEddsa } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { defaultDocumentLoader, derive, issue, verifyCredential } from '@digitalbazaar/vc'

/** The cryptosuites that are measured. */
export type SuiteName =
  | 'eddsa-jcs-2022'
  | 'eddsa-rdfc-2022'
  | 'ecdsa-jcs-2019'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-sd-2023'

/** What Digital Bazaar's library does with one credential. */
export interface Peer {
  issue(): Promise<JsonObject>
  derive(issued: JsonObject): Promise<JsonObject>
  verify(secured: JsonObject): Promise<{ readonly verified: boolean }>
}

/**
 * `@digitalbazaar/vc` with one of its cryptosuites. Everything that it loads is at hand: contexts,
 * the key and its controller come out of a map.
 */
export async function digitalBazaar(
  name: SuiteName,
  input: {
    readonly credential: JsonObject
    readonly issuer: string
    readonly contexts: ReadonlyMap<string, JsonObject>
    readonly mandatoryPointers: readonly string[]
    readonly selectivePointers: readonly string[]
  },
): Promise<Peer> {
  const { credential, issuer, contexts, mandatoryPointers, selectivePointers } = input
  const id = `${issuer}#key-1`
  const pair = name.startsWith('eddsa')
    ? await ed25519Multikey.generate({ id, controller: issuer })
    : await ecdsaMultikey.generate({ id, controller: issuer, curve: 'P-256' })
  const key = await pair.export({ publicKey: true, includeContext: true })
  const controller = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: issuer,
    assertionMethod: [key],
  }
  const documents = new Map<string, object>([...contexts, [issuer, controller], [id, key]])
  const documentLoader = async (url: string) =>
    documents.has(url)
      ? { contextUrl: null, documentUrl: url, document: documents.get(url) }
      : defaultDocumentLoader(url)
  const { sign, verify } = suites[name]({ mandatoryPointers })
  const disclose = createDiscloseCryptosuite({ selectivePointers })
  return {
    // It puts the proof into the very object that it is given.
    issue: () =>
      issue({
        credential: { ...credential },
        suite: new DataIntegrityProof({ signer: pair.signer(), cryptosuite: sign }),
        documentLoader,
      }),
    derive: (issued) =>
      derive({
        verifiableCredential: issued,
        suite: new DataIntegrityProof({ cryptosuite: disclose }),
        documentLoader,
      }),
    verify: (secured) =>
      verifyCredential({
        credential: secured,
        suite: new DataIntegrityProof({ cryptosuite: verify }),
        documentLoader,
      }),
  }
}

type Pair = (options: { readonly mandatoryPointers: readonly string[] }) => {
  readonly sign: object
  readonly verify: object
}

const suites: Readonly<Record<SuiteName, Pair>> = {
  'eddsa-jcs-2022': () => ({ sign: jcsEddsaSign(), verify: jcsEddsaVerify() }),
  'eddsa-rdfc-2022': () => ({ sign: rdfcEddsa, verify: rdfcEddsa }),
  'ecdsa-jcs-2019': () => ({ sign: jcsEcdsaSign(), verify: jcsEcdsaVerify() }),
  'ecdsa-rdfc-2019': () => ({ sign: rdfcEcdsa, verify: rdfcEcdsa }),
  'ecdsa-sd-2023': (options) => ({ sign: sdSign(options), verify: sdVerify() }),
}
