import {
  AsobaError,
  concatBytes,
  fromBase64url,
  type Jwk,
  type SignatureAlgorithm,
  toBase58,
} from '@asoba/core'
import { algorithmOfJwk, multikeyToJwk } from '@asoba/did'

// Multicodec prefixes of the key types, as Veramo names them.
const prefixes: Readonly<Record<string, readonly number[]>> = {
  Bls12381G2: [0xeb, 0x01],
  Ed25519: [0xed, 0x01],
  Secp256k1: [0xe7, 0x01],
  Secp256r1: [0x80, 0x24],
  X25519: [0xec, 0x01],
}

const typesOfCurves: Readonly<Record<string, string>> = {
  Bls12381G2: 'Bls12381G2',
  Ed25519: 'Ed25519',
  'P-256': 'Secp256r1',
  secp256k1: 'Secp256k1',
  X25519: 'X25519',
}

/**
 * The public key of a key that Veramo manages, `undefined` for a kind that is not used here.
 *
 * @param key `publicKeyHex`: raw, for curves of Weierstrass compressed or not
 */
export function jwkOfManagedKey(key: {
  readonly type: string
  readonly publicKeyHex: string
}): Jwk | undefined {
  const prefix = prefixes[key.type]
  const bytes = fromHex(key.publicKeyHex)
  if (prefix === undefined || bytes === undefined) return undefined
  try {
    return multikeyToJwk(`z${toBase58(concatBytes(Uint8Array.from(prefix), compressed(bytes)))}`)
  } catch {
    return undefined
  }
}

/** A public key as Veramo writes it: P-256 compressed, secp256k1 not, the others raw. @throws AsobaError `key.unsupported` */
export function managedKeyOfJwk(jwk: Jwk): {
  readonly type: string
  readonly publicKeyHex: string
} {
  const type = typesOfCurves[jwk.crv ?? '']
  const x = fromBase64url(jwk.x ?? '')
  if (type === undefined || x === undefined) {
    throw new AsobaError('key.unsupported', 'Veramo has no name for this kind of key')
  }
  const y = fromBase64url(jwk.y ?? '')
  if (y === undefined || y.length === 0) return { type, publicKeyHex: toHex(x) }
  const whole = concatBytes(Uint8Array.of(4), x, y)
  return { type, publicKeyHex: toHex(type === 'Secp256k1' ? whole : compressed(whole)) }
}

/** The signature algorithm of a managed key; `undefined` where it does not sign, or signs by BBS. */
export function algorithmOfManagedKey(key: {
  readonly type: string
  readonly publicKeyHex: string
}): SignatureAlgorithm | undefined {
  const jwk = jwkOfManagedKey(key)
  const algorithm = jwk && algorithmOfJwk(jwk)
  return algorithm === 'BBS' ? undefined : algorithm
}

function compressed(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 65 || bytes[0] !== 4) return bytes
  const odd = (bytes[64] as number) & 1
  return concatBytes(Uint8Array.of(2 + odd), bytes.subarray(1, 33))
}

/** Lower-case hex without a prefix. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes of hex with or without `0x`; `undefined` where it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}
