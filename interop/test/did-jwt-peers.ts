import {
  type Jwk,
  type PrivateJwk,
  problem,
  refused,
  type SignatureAlgorithm,
  type Signer,
} from '@asoba/core'
import {
  createKey,
  didKeyOf,
  didResolver,
  findVerificationKeys,
  holderKeys,
  jwk,
  jwkSigner,
  key,
} from '@asoba/did'
import type { PresentationVerification } from '@asoba/jwt'
import { EdDSASigner, ES256KSigner, ES256Signer } from 'did-jwt'
import type { Issuer } from 'did-jwt-vc'

/** Keys by their own DIDs only; given to did-jwt as it is. */
export const resolver = didResolver({ methods: [key, jwk] })
export const now = new Date('2026-06-01T00:00:00Z')
export const seconds = now.getTime() / 1000
export const audience = 'https://verifier.example'
export const nonce = 'n-0S6_WzA2Mj'
export type TheirAlgorithm = Extract<SignatureAlgorithm, 'ES256' | 'ES256K' | 'EdDSA'>

/** Somebody with a key, for our functions and for theirs. */
export interface Party {
  readonly did: string
  readonly kid: string
  readonly publicJwk: Jwk
  readonly privateJwk: PrivateJwk
  readonly signer: Signer
  readonly theirs: Issuer
}

const signers = { ES256: ES256Signer, ES256K: ES256KSigner, EdDSA: EdDSASigner }

export async function party(alg: TheirAlgorithm, didOf = didKeyOf): Promise<Party> {
  const { publicJwk, privateJwk } = await createKey(alg)
  const did = didOf(publicJwk)
  const kid = did.startsWith('did:jwk:') ? `${did}#0` : `${did}#${did.slice('did:key:'.length)}`
  const secret = new Uint8Array(Buffer.from(privateJwk.d, 'base64url'))
  return {
    did,
    kid,
    publicJwk,
    privateJwk,
    signer: await jwkSigner({ privateJwk, verificationMethod: kid }),
    theirs: { did, alg, signer: signers[alg](secret) },
  }
}

/** What a verifier of ours fixes that trusts one issuer. */
export function contextFor(issuer: string): PresentationVerification {
  return {
    now,
    clockTolerance: 0,
    audience,
    nonce,
    maxProofAge: 300,
    findIssuer: async (claim) => {
      if (claim.issuer !== issuer) return refused([problem('issuer.untrusted', 'not trusted')])
      const query = { did: issuer, relationship: 'assertionMethod' } as const
      const found = await findVerificationKeys(resolver, query)
      if (!found.verified) return found
      const keys = found.keys.map(({ publicJwk }) => publicJwk)
      return { ...found, issuer, type: 'citizenship', mechanism: 'did', keys } as const
    },
    findHolderKey: holderKeys(resolver),
    holderBinding: () => 'required',
  }
}
