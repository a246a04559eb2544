/** A public key as JSON Web Key. @see https://www.rfc-editor.org/rfc/rfc7517 */
export interface Jwk {
  readonly kty: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
}

/** A private key as JSON Web Key (EC or OKP). */
export interface PrivateJwk extends Jwk {
  readonly d: string
}

/** The signature algorithms of this library; `none` and every MAC are not among them. */
export type SignatureAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'ES256K' | 'EdDSA'

/** Signs with a key that it need not show: a key in memory, a KMS, an HSM. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  /** DID URL of the verification method; for an https or x509 issuer the `kid`, or `''` for none. */
  readonly verificationMethod: string
  /** Certificate chain for the `x5c` header, base64 DER, leaf first, trust anchor left out. */
  readonly x5c?: readonly string[]
  /** Signature over the data; ECDSA as raw r‖s. */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** Verifies signatures; the platform's own by default, `@asoba/did/noble` where it lacks an algorithm. */
export interface SignatureBackend {
  /** Whether the signature is right; `undefined` where the backend has not the algorithm. Never throws. */
  verify(
    algorithm: SignatureAlgorithm,
    publicJwk: Jwk,
    data: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean | undefined>
}

/** The holder's half of an issuance: what one copy of a credential is bound to. */
export type HolderProof =
  | { readonly kind: 'jwk'; readonly publicJwk: Jwk }
  | { readonly kind: 'bbs-commitment'; readonly commitmentWithProof: Uint8Array }
  | { readonly kind: 'bearer' }

/** Gives secret bytes for a label: random in memory at first, the seed tree later. */
export interface SecretSource {
  /** `length` secret bytes, each label its own. */
  derive(label: string, length: number): Promise<Uint8Array>
}
