import { bbsSigner, createBbsKey } from '@asoba/bbs'
import { publicKeyOf } from '@asoba/bbs/scheme'
import {
  AsobaError,
  type BbsSigner,
  bytesOfBase64url,
  fromBase64url,
  isJsonObject,
  type Jwk,
  type PrivateJwk,
  parseJson,
  type SignatureAlgorithm,
  toBase64url,
} from '@asoba/core'
import {
  algorithmOfJwk,
  createKey,
  deriveSharedSecret,
  jwkSigner,
  keyFromSeed,
  publicJwkOf,
} from '@asoba/did'
import { fromHex } from './key-forms.ts'

/** A key that does its work and cannot be read out. */
export interface WorkingKey {
  readonly publicJwk: Jwk
  readonly algorithms: readonly string[]
  /** Signature over the data; ECDSA as r‖s. @throws AsobaError `key.unsupported` */
  sign(data: Uint8Array, algorithm: string | undefined): Promise<Uint8Array>
  /** The secret shared with another key. @throws AsobaError `key.unsupported` */
  agree(publicJwk: Jwk): Promise<Uint8Array>
}

const algorithmsOfTypes: Readonly<Record<string, SignatureAlgorithm>> = {
  Ed25519: 'EdDSA',
  Secp256k1: 'ES256K',
  Secp256r1: 'ES256',
}

/** A fresh private key of a type as Veramo names it. @throws AsobaError `key.unsupported` */
export async function generate(type: string): Promise<PrivateJwk> {
  if (type === 'Bls12381G2') {
    const { publicJwk, secretKey } = createBbsKey()
    return { ...publicJwk, d: toBase64url(secretKey) }
  }
  if (type === 'X25519') {
    const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits'])
    return bare(await crypto.subtle.exportKey('jwk', (pair as CryptoKeyPair).privateKey))
  }
  const algorithm = algorithmsOfTypes[type]
  if (algorithm === undefined) throw unsupported()
  return (await createKey(algorithm)).privateJwk
}

/** A private key that comes as hex. @throws AsobaError `key.unsupported`, `key.invalid` */
export async function importHex(type: string, privateKeyHex: string): Promise<PrivateJwk> {
  const bytes = fromHex(privateKeyHex)
  // Ed25519 as libsodium has it: the seed, or the seed and the public key.
  const secret = type === 'Ed25519' && bytes?.length === 64 ? bytes.subarray(0, 32) : bytes
  if (secret?.length !== 32) throw new AsobaError('key.invalid', 'a private key has 32 bytes')
  if (type === 'Ed25519') return (await keyFromSeed('EdDSA', secret)).privateJwk
  if (type === 'Bls12381G2') {
    const x = toBase64url(publicKeyOf(secret))
    return { kty: 'OKP', crv: 'Bls12381G2', x, d: toBase64url(secret) }
  }
  if (type === 'Secp256r1')
    return importPkcs8(ecP256, secret, { name: 'ECDH', namedCurve: 'P-256' })
  if (type === 'X25519') return importPkcs8(okpX25519, secret, { name: 'X25519' })
  throw unsupported()
}

// PKCS #8 without the public key, which the platform works out.
const ecP256 = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'
const okpX25519 = '302e020100300506032b656e04220420'

async function importPkcs8(
  head: string,
  secret: Uint8Array,
  algorithm: { readonly name: string; readonly namedCurve?: string },
): Promise<PrivateJwk> {
  const der = Uint8Array.from([...(fromHex(head) as Uint8Array), ...secret])
  try {
    const key = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['deriveBits'])
    return bare(await crypto.subtle.exportKey('jwk', key))
  } catch {
    // What the platform says may quote the key.
    throw new AsobaError('key.invalid', 'the platform does not take the private key')
  }
}

function bare(jwk: JsonWebKey): PrivateJwk {
  const { kty = '', crv = '', x = '', y, d = '' } = jwk
  return { kty, crv, x, ...(y !== undefined && { y }), d }
}

/** A key at work; what is given is not kept in any form that can be read out, where the platform can. */
export async function workWith(privateJwk: PrivateJwk): Promise<WorkingKey> {
  const publicJwk = publicJwkOf(privateJwk)
  if (privateJwk.crv === 'Bls12381G2') {
    const secretKey = bytesOfBase64url(privateJwk.d)
    return workWithBbs(bbsSigner({ secretKey, verificationMethod: '' }), publicJwk)
  }
  const algorithm = algorithmOfJwk(publicJwk)
  const signer =
    algorithm === undefined ? undefined : await jwkSigner({ privateJwk, verificationMethod: '' })
  const agrees = privateJwk.crv === 'X25519' || privateJwk.crv === 'P-256'
  return {
    publicJwk,
    algorithms: [...(algorithm === undefined ? [] : [algorithm]), ...(agrees ? ['ECDH'] : [])],
    async sign(data, asked) {
      if (signer === undefined || (asked ?? algorithm) !== algorithm) throw unsupported()
      return signer.sign(data)
    },
    agree: (other) => deriveSharedSecret(privateJwk, other),
  }
}

/** A BBS key: what it signs is JSON with header, messages and what comes with a blind signature. */
export function workWithBbs(signer: Pick<BbsSigner, 'sign'>, publicJwk: Jwk): WorkingKey {
  return {
    publicJwk,
    algorithms: ['BBS'],
    async sign(data, algorithm) {
      if (algorithm !== undefined && algorithm !== 'BBS') throw unsupported()
      return signer.sign(readBbsInput(data))
    },
    async agree() {
      throw unsupported()
    },
  }
}

function readBbsInput(data: Uint8Array): Parameters<BbsSigner['sign']>[0] {
  const input = parseJson(data)
  if (!isJsonObject(input)) throw malformed()
  const { header, messages, commitmentWithProof, nyms, entropy } = input
  const bytes = (text: unknown): Uint8Array => {
    const found = typeof text === 'string' ? fromBase64url(text) : undefined
    if (found === undefined) throw malformed()
    return found
  }
  if (!Array.isArray(messages)) throw malformed()
  return {
    header: bytes(header),
    messages: messages.map(bytes),
    ...(commitmentWithProof !== undefined && { commitmentWithProof: bytes(commitmentWithProof) }),
    ...(typeof nyms === 'number' && { nyms }),
    ...(entropy !== undefined && { entropy: bytes(entropy) }),
  }
}

function malformed(): TypeError {
  return new TypeError('a BBS key signs a header and messages, as agentBbsSigner writes them')
}

/** @returns the error for a kind of key, or an algorithm, that is not done */
export function unsupported(): AsobaError {
  return new AsobaError('key.unsupported', 'the key does not do this')
}
