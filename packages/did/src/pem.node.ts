import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
} from 'node:crypto'
import { bytesOfBase64url, type Jwk, type PrivateJwk } from '@asoba/core'

// node:crypto takes keys as objects and as PEM. For an object Node 24 finds out by exceptions, with
// their stacks, what kind of object it is: half of the time that importing a key takes. A holder's
// key is a new one in every presentation, so the importing counts. OpenSSL before 3.5, on the other
// hand, takes twice as long to read PEM.
const [major = 0, minor = 0] = (process.versions.openssl ?? '').split('.').map(Number)
const readsPemFast = major > 3 || (major === 3 && minor >= 5)

// RFC 5480 section 2, RFC 8410 section 4: everything that stands before the coordinates.
const heads: ReadonlyMap<string | undefined, Uint8Array> = new Map([
  ['P-256', hex('3059301306072a8648ce3d020106082a8648ce3d03010703420004')],
  ['P-384', hex('3076301006072a8648ce3d020106052b8104002203620004')],
  ['P-521', hex('30819b301006072a8648ce3d020106052b810400230381860004')],
  ['secp256k1', hex('3056301006072a8648ce3d020106052b8104000a03420004')],
  ['Ed25519', hex('302a300506032b6570032100')],
])

// RFC 5915 section 3: what stands before the secret, and between it and the coordinates.
const beforeSecret = hex('30770201010420')
const afterSecret = hex('a00a06082a8648ce3d030107a14403420004')

/**
 * The key of a JWK that was validated.
 *
 * @throws where it is none that node:crypto knows
 */
export function importPublicJwk(jwk: Jwk, asPem: boolean = readsPemFast): KeyObject {
  const text = asPem ? publicPem(jwk) : undefined
  return createPublicKey(text ?? { key: { ...jwk }, format: 'jwk' })
}

/** What node:crypto verifies with once: the text is read then, and no object made for it. */
export function publicKeyOnce(jwk: Jwk): KeyObject | string {
  return (readsPemFast ? publicPem(jwk) : undefined) ?? importPublicJwk(jwk)
}

function publicPem({ crv, x = '', y = '' }: Jwk): string | undefined {
  const head = heads.get(crv)
  return head && pem('PUBLIC KEY', [head, Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

/**
 * The key of a private JWK. Whether its halves belong together is not checked.
 *
 * @throws where it is none
 */
export function importPrivateJwk(
  { kty, crv, x, y, d }: PrivateJwk,
  asPem: boolean = readsPemFast,
): KeyObject {
  const short = x?.length === 43 && y?.length === 43 && d.length === 43
  if (!asPem || crv !== 'P-256' || !short) {
    const key = { kty, crv, x, y, d } as JsonWebKeyInput['key']
    return createPrivateKey({ key, format: 'jwk' })
  }
  // What wallets hold.
  const parts = [
    beforeSecret,
    bytesOfBase64url(d),
    afterSecret,
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
