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

/** Signature algorithms that are only read, and only where `withRsa` of `@asoba/did/rsa` is given. */
export type RsaAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512'

/** Hash functions that certificates combine with any curve (RFC 5758 section 3.2). */
export type EcdsaHash = 'SHA-256' | 'SHA-384' | 'SHA-512'

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

/** What a key is for: an ordinary signature algorithm, or `BBS` (BLS12-381, SHA-256). */
export type KeyAlgorithm = SignatureAlgorithm | 'BBS'

/** Signs credentials by BBS with a key that it need not show; see `bbsSigner` of `@asoba/bbs`. */
export interface BbsSigner {
  /** DID URL of the verification method. */
  readonly verificationMethod: string
  /** The public key: 96 bytes, a compressed point of G2. */
  readonly publicKey: Uint8Array
  /**
   * An 80-byte signature over header and messages; a blind one where there is a commitment, with
   * `nyms` as the number of nym secrets in it and `entropy` as the issuer's share of the last.
   */
  sign(input: {
    readonly header: Uint8Array
    readonly messages: readonly Uint8Array[]
    readonly commitmentWithProof?: Uint8Array
    readonly nyms?: number
    readonly entropy?: Uint8Array
  }): Promise<Uint8Array>
}

/** Verifies signatures; the platform's own by default, `@asoba/did/noble` where it lacks an algorithm. */
export interface SignatureBackend {
  /**
   * Whether the signature is right; `undefined` where the backend has not the algorithm. Never throws.
   *
   * @param hash of certificates, where it is not the one that JOSE ties to the curve; a backend that
   * does not look at it takes their signatures for wrong
   */
  verify(
    algorithm: SignatureAlgorithm,
    publicJwk: Jwk,
    data: Uint8Array,
    signature: Uint8Array,
    hash?: EcdsaHash,
  ): Promise<boolean | undefined>
  /** RSA, which is refused everywhere when left out: `withRsa()` of `@asoba/did/rsa`. */
  readonly rsa?: RsaVerifying
}

/** Verifies RSA signatures of others; nothing here makes any. */
export interface RsaVerifying {
  /** What it verifies. */
  readonly algorithms: readonly string[]
  /**
   * Whether the signature is right under a key of 2048 bits or more. Never throws.
   *
   * @param saltLength of PSS, in octets; that of the hash when left out
   */
  verify(
    algorithm: RsaAlgorithm,
    publicJwk: Jwk,
    data: Uint8Array,
    signature: Uint8Array,
    saltLength?: number,
  ): Promise<boolean>
}

/** The holder's half of an issuance: what one copy of a credential is bound to. */
export type HolderProof =
  | {
      readonly kind: 'jwk'
      readonly publicJwk: Jwk
      /** The DID under which the key was proven; a credential that names its subject names it so. */
      readonly did?: string
    }
  | { readonly kind: 'bbs-commitment'; readonly commitmentWithProof: Uint8Array }
  | { readonly kind: 'bearer' }

/** Gives secret bytes for a label: random in memory at first, the seed tree later. */
export interface SecretSource {
  /** `length` secret bytes, each label its own. */
  derive(label: string, length: number): Promise<Uint8Array>
}
