import { type Jwk, toBase64url } from '@asoba/core'
import { pointToJwk } from '@asoba/did'
import {
  badDer,
  bitsOf,
  childrenOf,
  type Der,
  expect,
  oidOf,
  readDer,
  tags,
  unsigned,
  unsupported,
} from './der.ts'
import { isNull, pss, pssOf } from './signature-algorithm.ts'

const curves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
}

/**
 * The key of a SubjectPublicKeyInfo: EC, Ed25519, or RSA. Whether an RSA key is good enough is for
 * who verifies with it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7
 */
export function publicKeyOf(der: Der): Jwk {
  const [algorithm, key, ...rest] = childrenOf(der)
  const [oid, parameters, ...others] = childrenOf(expect(algorithm, tags.sequence))
  const name = oidOf(oid)
  const bits = bitsOf(key)
  if (rest.length > 0 || others.length > 0) throw badDer()
  switch (name) {
    // RFC 8410 3: no parameters.
    case '1.3.101.112':
      if (parameters !== undefined || bits.length !== 32) throw badDer()
      return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bits) }
    case '1.2.840.10045.2.1':
      return ellipticKey(parameters, bits)
    // RFC 4055 1.2: NULL.
    case '1.2.840.113549.1.1.1':
      if (parameters === undefined || !isNull(parameters)) throw badDer()
      return rsaKey(bits)
    // RFC 4055 3.1: for PSS alone. A JWK can say so of one hash, which is what the parameters say.
    case pss:
      if (parameters === undefined) break
      return { ...rsaKey(bits), alg: pssOf(parameters).algorithm }
  }
  throw unsupported('the kind of key of the certificate is not supported')
}

function ellipticKey(curve: Der | undefined, point: Uint8Array): Jwk {
  // RFC 5480 2.1.1: a named curve. Under explicit parameters anybody chooses the generator and with
  // it a private key to a known public one (CVE-2020-0601).
  if (curve?.tag !== tags.oid) {
    throw unsupported('explicit curve parameters are forbidden (RFC 5480 section 2.1.1)')
  }
  const crv = curves[oidOf(curve)]
  if (crv === undefined) throw unsupported('the curve of the key is not supported')
  const jwk = pointToJwk(crv, point)
  if (jwk === undefined)
    throw unsupported('the key is no point of its curve (RFC 5480 section 2.2)')
  return jwk
}

/** RFC 8017 A.1.1. */
function rsaKey(bits: Uint8Array): Jwk {
  const [n, e, ...rest] = childrenOf(readDer(bits, tags.sequence))
  if (rest.length > 0) throw badDer()
  return { kty: 'RSA', n: toBase64url(unsigned(n)), e: toBase64url(unsigned(e)) }
}
