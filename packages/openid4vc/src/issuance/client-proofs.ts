import {
  AsobaError,
  type HolderProof,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  toBase64url,
} from '@asoba/core'
import { algorithmOfJwk, didJwkOf, didKeyOf, holderSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import type { ConfigurationDescription } from './client-metadata.ts'
import { textsIn } from './client-server.ts'
import { secondsOf } from './client-session.ts'
import type { ClientSettings } from './client-settings.ts'
import { commitmentProofType } from './metadata.ts'
import { bareKey } from './proofs.ts'

type JwkHolder = Extract<HolderProof, { readonly kind: 'jwk' }>

/** What proofs are made for. */
export interface ProofContext {
  readonly issuer: string
  readonly configuration: ConfigurationDescription
  /** Of the nonce endpoint, where there is one. */
  readonly nonce: string | undefined
  /** Set where the server knows who the wallet is. */
  readonly clientId: string | undefined
}

/**
 * `proofs` of a credential request: that the wallet has the keys, or commitments to its secrets.
 *
 * @throws AsobaError `issuance.unsupported`
 * @see OpenID4VCI 1.0 section F
 */
export async function proofsOf(
  settings: ClientSettings,
  holders: readonly HolderProof[],
  context: ProofContext,
): Promise<JsonObject> {
  const { proofTypes } = context.configuration
  const commitments = holders.flatMap((each) =>
    each.kind === 'bbs-commitment' ? [toBase64url(each.commitmentWithProof)] : [],
  )
  if (commitments.length > 0) {
    if (proofTypes[commitmentProofType] === undefined) throw unsupported('takes no commitments')
    return { [commitmentProofType]: commitments }
  }
  const keys = holders.filter((each): each is JwkHolder => each.kind === 'jwk')
  const { jwt, attestation } = proofTypes
  const [first] = keys
  if (first === undefined) throw unsupported('binds to something that the wallet has not')
  if (isJsonObject(jwt)) {
    checkAlgorithms(jwt, keys)
    const demanded = jwt['key_attestations_required']
    if (demanded === undefined) {
      return { jwt: await Promise.all(keys.map((each) => proofOf(settings, each, context))) }
    }
    // F.1: one proof; a copy comes for each attested key
    const attested = await attest(settings, keys, context, demanded)
    return { jwt: [await proofOf(settings, first, context, attested)] }
  }
  if (isJsonObject(attestation)) {
    checkAlgorithms(attestation, keys)
    const demanded = attestation['key_attestations_required'] ?? {}
    return { attestation: [await attest(settings, keys, context, demanded)] }
  }
  throw unsupported('takes no proof that the wallet can make')
}

/** @see OpenID4VCI 1.0 section F.1 */
async function proofOf(
  settings: ClientSettings,
  holder: JwkHolder,
  { issuer, nonce, clientId, configuration }: ProofContext,
  attestation?: string,
): Promise<string> {
  const { publicJwk } = holder
  return settings.options.wallet.prove(holder, async (retained) =>
    signJws(
      {
        typ: 'openid4vci-proof+jwt',
        ...keyHeader(publicJwk, configuration.bindings),
        ...(attestation !== undefined && { key_attestation: attestation }),
      },
      {
        aud: issuer,
        iat: secondsOf(settings),
        ...(nonce !== undefined && { nonce }),
        ...(clientId !== undefined && { iss: clientId }),
      },
      await holderSigner(retained, didJwkOf(publicJwk)),
    ),
  )
}

function keyHeader(publicJwk: Jwk, bindings: readonly string[]): JsonObject {
  if (bindings.length === 0 || bindings.includes('jwk')) {
    return { jwk: bareKey(publicJwk) as unknown as JsonObject }
  }
  if (bindings.includes('did:jwk')) return { kid: `${didJwkOf(publicJwk)}#0` }
  if (bindings.includes('did:key')) {
    const did = didKeyOf(publicJwk)
    return { kid: `${did}#${did.slice('did:key:'.length)}` }
  }
  throw unsupported('binds to no kind of key that the wallet has')
}

function checkAlgorithms(type: JsonObject, keys: readonly JwkHolder[]): void {
  const taken = textsIn(type['proof_signing_alg_values_supported'])
  const fits = keys.every(({ publicJwk }) => taken.includes(algorithmOfJwk(publicJwk) ?? ''))
  if (!fits) throw unsupported('takes no algorithm of the wallet’s keys')
}

async function attest(
  settings: ClientSettings,
  keys: readonly JwkHolder[],
  { issuer, nonce }: ProofContext,
  demanded: Json,
): Promise<string> {
  const { keyAttestation } = settings.options
  if (keyAttestation === undefined || nonce === undefined) {
    throw unsupported('demands attested keys, and the wallet has nobody to attest them')
  }
  const { key_storage: storage, user_authentication: authentication } = isJsonObject(demanded)
    ? demanded
    : {}
  return keyAttestation({
    issuer,
    keys: keys.map(({ publicJwk }) => bareKey(publicJwk)),
    nonce,
    ...(storage !== undefined && { keyStorage: textsIn(storage) }),
    ...(authentication !== undefined && { userAuthentication: textsIn(authentication) }),
  })
}

function unsupported(what: string): AsobaError {
  return new AsobaError('issuance.unsupported', `the issuer ${what}`)
}
