import { AsobaError, type PrivateJwk, type SignatureAlgorithm, type Signer } from '@asoba/core'
import { platformSign } from '#crypto'
import { algorithmOfJwk } from './jwk.ts'

/** What {@link jwkSigner} needs. */
export interface JwkSignerOptions {
  readonly privateJwk: PrivateJwk
  /** Checked against the key; what the key says when left out. */
  readonly algorithm?: SignatureAlgorithm
  /** DID URL of the verification method; for an https or x509 issuer the `kid`, or `''`. */
  readonly verificationMethod: string
  /** Certificate chain for the `x5c` header, base64 DER, leaf first, anchor left out. */
  readonly x5c?: readonly string[]
}

/**
 * A signer with a key in memory; the platform keeps it where it cannot be read out
 * again. At creation it is made sure that the public part is that of the private
 * one, so a key whose halves do not belong together never gets to work.
 *
 * @throws AsobaError `key.invalid` where the key is broken or its halves do not fit;
 * `key.unsupported` where it does not sign, is for another algorithm, or the platform
 * has not the algorithm
 */
export async function jwkSigner(options: JwkSignerOptions): Promise<Signer> {
  const { privateJwk, verificationMethod, x5c } = options
  const algorithm = algorithmOfJwk(privateJwk)
  if (
    algorithm === undefined ||
    algorithm === 'BBS' ||
    (options.algorithm ?? algorithm) !== algorithm
  ) {
    throw new AsobaError('key.unsupported', 'the key is not for this algorithm')
  }
  let sign: Awaited<ReturnType<typeof platformSign>> = false
  try {
    sign = await platformSign(algorithm, privateJwk)
  } catch {
    // What the platform says may quote the key.
  }
  if (!sign) {
    throw sign === undefined
      ? new AsobaError('key.unsupported', 'this platform has not the algorithm')
      : new AsobaError('key.invalid', 'not a private key, or its halves do not belong together')
  }
  return { algorithm, verificationMethod, ...(x5c === undefined ? {} : { x5c }), sign }
}
