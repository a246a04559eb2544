import { fromBase58, type Signer, toBase64url } from '@asoba/core'
import { multikeyToJwk } from '@asoba/did'
import { nobleSigner } from '@asoba/did/noble'
import type { Vectors } from '@asoba/testing'
import {
  type ContextDocument,
  createJsonLd,
  type FindProofKey,
  type RdfProcessor,
} from '../src/index.ts'

const files = {
  'https://w3id.org/citizenship/v4rc1': 'citizenship-v4rc1.jsonld',
  'https://www.w3.org/2018/credentials/examples/v1': 'w3c-vc-data-model/credentials/examples/v1',
  'https://www.w3.org/ns/credentials/examples/v2': 'w3c-vc-data-model/credentials/examples/v2',
} as const

/** All of JSON-LD, with the contexts that the vectors name beside the bundled ones. */
export async function jsonLdOfVectors(vectors: Vectors): Promise<RdfProcessor> {
  const contexts: ContextDocument[] = []
  for (const [url, file] of Object.entries(files)) {
    contexts.push({ url, document: await vectors.json(`../jsonld-contexts/${file}`) })
  }
  return createJsonLd({ contexts })
}

/** Bytes as the vectors write them. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.trim().match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

/** Bytes as the vectors write them. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The 32 bytes that the vectors of selective disclosure take for the HMAC key. */
export const hmacKey: Uint8Array = fromHex(
  '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
)

/** The key of a did:key verification method, as the vectors use them, whatever it is for. */
export const didKeyKeys: FindProofKey = async (verificationMethod) => {
  const [did = '', fragment = ''] = verificationMethod.split('#')
  return {
    verified: true,
    checks: [],
    publicJwk: multikeyToJwk(fragment),
    controller: did,
  }
}

/** A signer for a key pair of the vectors (Multikey); deterministic, as the vectors are. */
export function signerOf(publicKey: string, secretKey: string): Promise<Signer> {
  // Two bytes say which kind of key it is.
  const d = toBase64url((fromBase58(secretKey.slice(1)) as Uint8Array).subarray(2))
  const privateJwk = { ...multikeyToJwk(publicKey), d }
  return nobleSigner({ privateJwk, verificationMethod: `did:key:${publicKey}#${publicKey}` })
}
