import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { listOf } from '@asoba/core/judge'
import type { Cryptosuite } from './cryptosuite.ts'

/**
 * Of a document with a base proof only what the JSON pointers lead to, and what its issuer always
 * shows, with a derived proof. The document given is not changed. Whether the base proof is right is not
 * asked: a derived proof is right where the base proof was.
 *
 * @throws TypeError where the suite has no selective disclosure
 * @throws AsobaError `proof.malformed` where there is not exactly one base proof of the suite;
 * `disclosure.pointer-unknown` with the pointer as its path; `jsonld.*`
 * @see https://www.w3.org/TR/vc-di-ecdsa/#add-derived-proof-ecdsa-sd-2023
 */
export async function deriveProof(
  document: JsonObject,
  options: { readonly suite: Cryptosuite; readonly pointers: readonly string[] },
): Promise<JsonObject & { readonly proof: Json }> {
  const { suite, pointers } = options
  if (suite.derive === undefined) throw new TypeError('the suite has no selective disclosure')
  const { proof: proofs, ...unsecured } = document
  const own = listOf(proofs).filter((one) => isJsonObject(one) && one['cryptosuite'] === suite.name)
  const [proof, ...others] = own as readonly JsonObject[]
  if (proof === undefined || others.length > 0) {
    throw new AsobaError('proof.malformed', 'the document has not one proof of the suite')
  }
  const derived = await suite.derive(unsecured, proof, pointers)
  return { ...derived.document, proof: derived.proof }
}
