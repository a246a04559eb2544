import {
  type DcqlQuery,
  digest,
  type JsonObject,
  type Jwk,
  type TransactionData,
  toBase64url,
  utf8,
} from '@asoba/core'
import type { TransactionInput, VerifierInfo } from './protocol.ts'

/** What the parameters of a request are made of. */
export interface RequestParts {
  readonly clientId: string | undefined
  readonly responseMode: string
  readonly responseUri: string | undefined
  readonly state: string | undefined
  readonly nonce: string
  readonly query: JsonObject
  readonly formats: JsonObject
  readonly encryptionKey: Jwk | undefined
  readonly transactionData: readonly string[]
  readonly verifierInfo: readonly VerifierInfo[]
  readonly expectedOrigins: readonly string[] | undefined
}

/** The parameters of an authorisation request, as members of an object. @see OpenID4VP 1.0 section 5 */
export function parametersFrom(parts: RequestParts): JsonObject {
  const { clientId, responseUri, state, encryptionKey, expectedOrigins } = parts
  const { transactionData, verifierInfo } = parts
  const parameters = {
    ...(clientId !== undefined && { client_id: clientId }),
    response_type: 'vp_token',
    response_mode: parts.responseMode,
    ...(responseUri !== undefined && { response_uri: responseUri }),
    ...(expectedOrigins && { expected_origins: expectedOrigins }),
    nonce: parts.nonce,
    ...(state !== undefined && { state }),
    dcql_query: parts.query,
    client_metadata: {
      vp_formats_supported: parts.formats,
      ...(encryptionKey && {
        jwks: { keys: [encryptionKey] },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      }),
    },
    ...(transactionData.length > 0 && { transaction_data: transactionData }),
    ...(verifierInfo.length > 0 && { verifier_info: verifierInfo }),
  }
  return parameters as unknown as JsonObject
}

// RFC 9864 calls EdDSA Ed25519; what is read under either name is announced under both.
const joseAlgorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** What is said of each format where the caller says nothing. @see OpenID4VP 1.0 appendix B */
const formatDefaults: Readonly<Record<string, JsonObject>> = {
  'dc+sd-jwt': { 'sd-jwt_alg_values': joseAlgorithms, 'kb-jwt_alg_values': joseAlgorithms },
  jwt_vc_json: { alg_values: joseAlgorithms },
  ldp_vc: { proof_type_values: ['DataIntegrityProof'] },
}

/** HAIP 1.0 section 7: ES256 is what everybody has. */
const haipFormats: Readonly<Record<string, JsonObject>> = {
  'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
}

/** `vp_formats_supported` for the formats that a query asks for. */
export function formatsFor(
  query: DcqlQuery,
  { said, haip }: { readonly said: JsonObject; readonly haip: boolean },
): JsonObject {
  const usual = haip ? haipFormats : formatDefaults
  const asked = new Set(query.credentials.map(({ format }) => format))
  return Object.fromEntries(
    [...asked].map((format) => [format, said[format] ?? usual[format] ?? {}]),
  )
}

/**
 * Transactions as the request carries them, and what the verifier remembers of them.
 *
 * @throws TypeError where one names no credential query that could authorise it
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html appendix B.3.3
 */
export async function encodeTransactions(
  inputs: readonly TransactionInput[],
  { credentials }: DcqlQuery,
): Promise<{
  readonly encoded: readonly string[]
  readonly remembered: readonly TransactionData[]
}> {
  const encoded = inputs.map((input) => {
    const { type, credential_ids: ids, transaction_data_hashes_alg: hashes } = input
    const asked = credentials.filter(({ id }) => ids.includes(id))
    const able = asked.every(
      (each) => each.format === 'dc+sd-jwt' && each.require_cryptographic_holder_binding,
    )
    if (type === '' || asked.length === 0 || asked.length !== new Set(ids).size || !able) {
      throw new TypeError(
        'a transaction names credential queries for dc+sd-jwt with holder binding',
      )
    }
    if (hashes !== undefined && !(Array.isArray(hashes) && hashes.includes('sha-256'))) {
      throw new TypeError('transactions are hashed by sha-256 here')
    }
    return toBase64url(utf8(JSON.stringify(input)))
  })
  const remembered = inputs.map(async ({ credential_ids: credentialIds }, index) => ({
    hash: await hashOfTransaction(encoded[index] as string),
    credentialIds,
  }))
  return { encoded, remembered: await Promise.all(remembered) }
}

/** The hash of a transaction: over the text in the request, which is not decoded for it. */
export async function hashOfTransaction(encoded: string): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(encoded)))
}

/** @throws TypeError where an attestation is of no form, or about a credential that is not asked for */
export function checkVerifierInfo(info: readonly VerifierInfo[], { credentials }: DcqlQuery): void {
  for (const { format, data, credential_ids: ids } of info) {
    const named =
      ids === undefined ||
      (ids.length > 0 && ids.every((id) => credentials.some((each) => each.id === id)))
    if (format === '' || data === '' || !named) {
      throw new TypeError('verifierInfo has a format, data and ids of credential queries')
    }
  }
}
