import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
} from 'node:crypto'
import { bytesOfBase64url, type Jwk, type PrivateJwk } from '@asoba/core'

// node:crypto takes keys as objects and as PEM. For an object it finds out by exceptions, with their
// stacks, what kind of object it is: half of the time that importing a key takes. A holder's key is a
// new one in every presentation, so the importing counts.

// RFC 5480 section 2, RFC 8410 section 4: everything that stands before the coordinates.
const heads: ReadonlyMap<string | undefined, string> = new Map([
  ['P-256', '3059301306072a8648ce3d020106082a8648ce3d03010703420004'],
  ['P-384', '3076301006072a8648ce3d020106052b8104002203620004'],
  ['P-521', '30819b301006072a8648ce3d020106052b810400230381860004'],
  ['secp256k1', '3056301006072a8648ce3d020106052b8104000a03420004'],
  ['Ed25519', '302a300506032b6570032100'],
])

/** The key of a JWK that was validated; `undefined` where it is not one that verifies. */
export function importPublicJwk({ crv, x = '', y = '' }: Jwk): KeyObject | undefined {
  const head = heads.get(crv)
  return head === undefined
    ? undefined
    : createPublicKey(pem('PUBLIC KEY', [hex(head), bytesOfBase64url(x), bytesOfBase64url(y)]))
}

/**
 * The key of a private JWK. Whether its halves belong together is not checked.
 *
 * @throws where it is none
 */
export function importPrivateJwk({ kty, crv, x, y, d }: PrivateJwk): KeyObject {
  if (crv !== 'P-256' || x?.length !== 43 || y?.length !== 43 || d.length !== 43) {
    return createPrivateKey({
      key: { kty, crv, x, y, d } as JsonWebKeyInput['key'],
      format: 'jwk',
    })
  }
  // What wallets hold. RFC 5915 section 3.
  const parts = [
    hex('30770201010420'),
    bytesOfBase64url(d),
    hex('a00a06082a8648ce3d030107a14403420004'),
    bytesOfBase64url(x),
    bytesOfBase64url(y),
  ]
  return createPrivateKey(pem('EC PRIVATE KEY', parts))
}

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex')
}

function pem(label: string, parts: readonly Uint8Array[]): string {
  return `-----BEGIN ${label}-----\n${Buffer.concat(parts).toString('base64')}\n-----END ${label}-----`
}
