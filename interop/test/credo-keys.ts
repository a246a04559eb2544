import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { Kms } from '@credo-ts/core'

const hashes: Readonly<Record<string, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  EdDSA: null,
  Ed25519: null,
}
const curves: readonly string[] = ['P-256', 'P-384', 'Ed25519']
const keyLengths: Readonly<Record<string, number>> = { A128GCM: 16, A256GCM: 32 }

type Agreement = NonNullable<Kms.KmsOperationEncrypt['keyAgreement']>

/** Whether the peer gets by with what is here: the suites of HAIP and EdDSA. */
function isSupported(operation: Kms.KmsOperation): boolean {
  switch (operation.operation) {
    case 'createKey':
      return 'crv' in operation.type && curves.includes(operation.type.crv)
    case 'importKey':
      return 'crv' in operation.privateJwk && curves.includes(operation.privateJwk.crv)
    case 'sign':
    case 'verify':
      return operation.algorithm in hashes
    case 'encrypt':
      return isAgreement(operation.encryption.algorithm, operation.keyAgreement)
    case 'decrypt':
      return isAgreement(operation.decryption.algorithm, operation.keyAgreement)
    default:
      return true
  }
}

function isAgreement(encryption: string, agreement: { readonly algorithm: string } | undefined) {
  return encryption in keyLengths && agreement?.algorithm === 'ECDH-ES'
}

/** The key management that the peer's interface asks for, in memory, by `node:crypto`. */
export function memoryKeys(): Kms.KeyManagementService {
  const keys = new Map<string, KeyObject>()

  function privateKey(keyId: string): KeyObject {
    const key = keys.get(keyId)
    if (key === undefined) throw new Kms.KeyManagementKeyNotFoundError(keyId, ['memory'])
    return key
  }

  function publicJwk(keyId: string): Kms.KmsJwkPublic & { kid: string } {
    const jwk = createPublicKey(privateKey(keyId)).export({ format: 'jwk' })
    return { ...jwk, kid: keyId } as Kms.KmsJwkPublic & { kid: string }
  }

  /** ECDH-ES to the key of the content, directly. @see RFC 7518 section 4.6 */
  function agree(agreement: Agreement, encryption: string): Buffer {
    const { keyId, externalPublicJwk } = agreement as { keyId: string; externalPublicJwk: object }
    const { apu, apv } = agreement as { apu?: Uint8Array; apv?: Uint8Array }
    const secret = diffieHellman({
      privateKey: privateKey(keyId),
      publicKey: publicKeyOf(externalPublicJwk),
    })
    const length = keyLengths[encryption] ?? 0
    const round = [number(1), secret, sized(Buffer.from(encryption)), sized(apu), sized(apv)]
    return createHash('sha256')
      .update(Buffer.concat([...round, number(length * 8)]))
      .digest()
      .subarray(0, length)
  }

  const service: Kms.KeyManagementService = {
    backend: 'memory',
    isOperationSupported: (_context, operation) => isSupported(operation),
    getPublicKey: async (_context, keyId) => (keys.has(keyId) ? publicJwk(keyId) : null),
    createKey: async (_context, { keyId = randomUUID(), type }) => {
      const { crv } = type as { crv: string }
      const made =
        crv === 'Ed25519'
          ? generateKeyPairSync('ed25519')
          : generateKeyPairSync('ec', { namedCurve: crv })
      keys.set(keyId, made.privateKey)
      return { keyId, publicJwk: publicJwk(keyId) } as never
    },
    importKey: async (_context, { privateJwk }) => {
      const keyId = privateJwk.kid ?? randomUUID()
      keys.set(keyId, createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' }))
      return { keyId, publicJwk: publicJwk(keyId) } as never
    },
    deleteKey: async (_context, { keyId }) => keys.delete(keyId),
    sign: async (_context, { keyId, algorithm, data }) => {
      const key = { key: privateKey(keyId), dsaEncoding: 'ieee-p1363' } as const
      return { signature: plain(sign(hashes[algorithm] ?? null, data, key)) }
    },
    verify: async (_context, { key, algorithm, data, signature }) => {
      const jwk = key.publicJwk ?? publicJwk(key.keyId as string)
      const options = { key: publicKeyOf(jwk), dsaEncoding: 'ieee-p1363' } as const
      const right = verify(hashes[algorithm] ?? null, data, options, signature)
      return right ? { verified: true, publicJwk: jwk } : { verified: false }
    },
    encrypt: async (_context, { key, encryption, data }) => {
      const { algorithm, aad } = encryption as { algorithm: 'A256GCM'; aad?: Uint8Array }
      const content = agree(key.keyAgreement as Agreement, algorithm)
      const iv = randomBytes(12)
      const cipher = createCipheriv(cipherOf(content), content, iv)
      if (aad !== undefined) cipher.setAAD(aad)
      const encrypted = plain(Buffer.concat([cipher.update(data), cipher.final()]))
      return { encrypted, iv: plain(iv), tag: plain(cipher.getAuthTag()) }
    },
    decrypt: async (_context, { key, decryption, encrypted }) => {
      const { algorithm, aad, iv, tag } = decryption as {
        algorithm: 'A256GCM'
        aad?: Uint8Array
        iv: Uint8Array
        tag: Uint8Array
      }
      const content = agree(key.keyAgreement as Agreement, algorithm)
      const decipher = createDecipheriv(cipherOf(content), content, iv, { authTagLength: 16 })
      if (aad !== undefined) decipher.setAAD(aad)
      decipher.setAuthTag(tag)
      return { data: plain(Buffer.concat([decipher.update(encrypted), decipher.final()])) }
    },
    randomBytes: (_context, { length }) => plain(randomBytes(length)),
  }
  return service
}

function cipherOf(content: Uint8Array): 'aes-128-gcm' | 'aes-256-gcm' {
  return content.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
}

function publicKeyOf(jwk: object): KeyObject {
  const { kty, crv, x, y } = jwk as JsonWebKey
  const bare = { kty, crv, x, ...(y !== undefined && { y }) } as JsonWebKey
  return createPublicKey({ key: bare, format: 'jwk' })
}

/** Bytes of their own memory: the peer refuses views of shared pools. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function sized(bytes: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.concat([number(bytes.length), bytes])
}
