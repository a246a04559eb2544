import type { Jwk, SignatureBackend } from '@asoba/core'
import { algorithmOfJwk, verifySignature } from '@asoba/did'
import type { Certificate } from './certificate.ts'
import { badDer, childrenOf, Malformed, readDer, tags, unsigned, unsupported } from './der.ts'

const sizes: Readonly<Record<string, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  secp256k1: 32,
}

/**
 * Verifies the signature of a certificate under the key of its issuer (RFC 5280 6.1.3 (a)(1)).
 *
 * @returns why it does not hold; `undefined` where it does
 */
export async function signatureFault(
  { signatureAlgorithm: how, signed, signature }: Certificate,
  key: Jwk,
  backend: SignatureBackend | undefined,
): Promise<Malformed | undefined> {
  try {
    if (how.kty !== key.kty) return notOfIssuer()
    if (how.kty === 'RSA') {
      const { algorithm, saltLength } = how
      if (backend?.rsa === undefined) {
        return unsupported('the issuer signs by RSA: give withRsa() of @asoba/did/rsa as backend')
      }
      // RFC 4055 3.3: the salt of a key that is for PSS alone is no shorter than it says.
      const short = key.alg !== undefined && (saltLength ?? 0) * 8 < Number(algorithm.slice(2))
      if (short) return notOfIssuer()
      const right = await backend.rsa.verify(algorithm, key, signed, signature, saltLength)
      return right
        ? undefined
        : new Malformed(
            'the signature is not that of the issuer, or its RSA key is not one of 2048 bits or more with an odd exponent from 65537',
          )
    }
    const algorithm = algorithmOfJwk(key)
    if (algorithm === undefined || algorithm === 'BBS') return notOfIssuer()
    const raw = how.kty === 'EC' ? rawSignature(signature, sizes[key.crv ?? ''] ?? 0) : signature
    const right = await verifySignature(algorithm, key, signed, raw, {
      ...(backend && { backend }),
      ...(how.kty === 'EC' && { hash: how.hash }),
    })
    if (right === undefined) {
      return unsupported('the platform has not the curve of the issuer: give nobleSignatures')
    }
    return right ? undefined : notOfIssuer()
  } catch {
    return notOfIssuer()
  }
}

function notOfIssuer(): Malformed {
  return new Malformed('the signature is not that of the issuer')
}

/** RFC 3279 2.2.3: SEQUENCE of r and s, to r‖s of the size of the issuer's curve. */
function rawSignature(bits: Uint8Array, size: number): Uint8Array {
  const parts = childrenOf(readDer(bits, tags.sequence))
  if (parts.length !== 2) throw badDer()
  const raw = new Uint8Array(2 * size)
  for (const [at, part] of parts.entries()) {
    const number = unsigned(part)
    if (number.length > size) throw badDer()
    raw.set(number, (at + 1) * size - number.length)
  }
  return raw
}
