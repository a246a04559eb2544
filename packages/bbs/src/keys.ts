import { AsobaError, type BbsSigner, type Jwk, toBase64url } from '@asoba/core'
import {
  blindProfile,
  blindSign,
  createSecretKey,
  plainProfile,
  pseudonymProfile,
  publicKeyOf,
  sign,
} from './scheme.ts'

/** A BBS key pair. */
export interface BbsKeyPair {
  /** 32 bytes. */
  readonly secretKey: Uint8Array
  /** 96 bytes. */
  readonly publicKey: Uint8Array
  /** The public key for DID documents, `didKeyOf` and trust entries. */
  readonly publicJwk: Jwk
}

/** A fresh key pair over BLS12-381, the public key in G2. */
export function createBbsKey(): BbsKeyPair {
  const secretKey = createSecretKey()
  const publicKey = publicKeyOf(secretKey)
  return { secretKey, publicKey, publicJwk: bbsJwk(publicKey) }
}

/** The JWK of a public key of 96 bytes. */
export function bbsJwk(publicKey: Uint8Array): Jwk {
  return { kty: 'OKP', crv: 'Bls12381G2', x: toBase64url(publicKey) }
}

/**
 * Signs with a key in memory. Its `sign` throws an AsobaError `bbs.commitment-invalid` where a
 * holder's commitment does not hold or is of another size than the profile's.
 *
 * @throws TypeError where the secret key is none
 */
export function bbsSigner(options: {
  readonly secretKey: Uint8Array
  /** DID URL of the key. */
  readonly verificationMethod: string
}): BbsSigner {
  const { secretKey, verificationMethod } = options
  const publicKey = publicKeyOf(secretKey)
  return {
    verificationMethod,
    publicKey,
    sign: async ({ header, messages, commitmentWithProof: commitment, nyms = 0, entropy }) => {
      const input = { secretKey, publicKey, header, messages }
      const count = messages.length
      if (commitment === undefined) return sign(plainProfile({ messages: count }), input)
      // 112 bytes, and 32 for each message and nym.
      const inside = (commitment.length - 112) / 32
      const committed = inside - nyms
      if (!Number.isInteger(committed) || committed < 0 || committed > 64) throw invalid()
      if (nyms > 0 && entropy === undefined) throw new TypeError('nyms need the issuer’s entropy')
      const signature =
        nyms === 0 || entropy === undefined
          ? blindSign(blindProfile({ messages: count, committed }), { ...input, commitment })
          : blindSign(pseudonymProfile({ messages: count, committed, nyms }), {
              ...input,
              commitment,
              entropy,
            })
      if (signature === undefined) throw invalid()
      return signature
    },
  }
}

function invalid(): AsobaError {
  return new AsobaError('bbs.commitment-invalid', 'the holder’s commitment does not hold')
}
