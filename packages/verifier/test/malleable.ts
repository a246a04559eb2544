import { bytesOfBase64url, toBase64url } from '@asoba/core'

/** Order of P-256. */
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Of an ECDSA signature with P-256 (r, s) the other one that verifies: (r, n - s). */
export function otherSignature(signature: Uint8Array): Uint8Array {
  const hex = Array.from(signature.subarray(32), (byte) => byte.toString(16).padStart(2, '0'))
  const s = (n - BigInt(`0x${hex.join('')}`)).toString(16).padStart(64, '0')
  const other = signature.slice()
  for (let at = 0; at < 32; at++) {
    other[32 + at] = Number.parseInt(s.slice(at * 2, at * 2 + 2), 16)
  }
  return other
}

/** The same of the issuer's signature of a compact JWT or SD-JWT. */
export function otherFormOf(wire: string): string {
  const [jwt = '', ...rest] = wire.split('~')
  const [header, payload, signature = ''] = jwt.split('.')
  const other = toBase64url(otherSignature(bytesOfBase64url(signature)))
  return [[header, payload, other].join('.'), ...rest].join('~')
}
