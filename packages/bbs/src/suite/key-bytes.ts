import { fromBase64url, type Jwk } from '@asoba/core'

/** 96 bytes of a BLS12-381 G2 key, as its JWK has them; undefined for another key. */
export function keyBytes({ kty, crv, x }: Jwk): Uint8Array | undefined {
  return kty === 'OKP' && crv === 'Bls12381G2' && typeof x === 'string'
    ? fromBase64url(x)
    : undefined
}
