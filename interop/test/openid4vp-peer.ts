import { createHash, X509Certificate } from 'node:crypto'
import type { PrivateJwk } from '@asoba/core'
import { createKey, type DidResolver, didResolver, jwk, key } from '@asoba/did'
import { Openid4vpClient, Openid4vpVerifier } from '@openid4vc/openid4vp'
import {
  CompactEncrypt,
  type CryptoKey,
  compactDecrypt,
  compactVerify,
  importJWK,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { createEncryptionKey } from '../../packages/openid4vc/src/jwe.ts'

type Callbacks = ConstructorParameters<typeof Openid4vpClient>[0]['callbacks'] &
  ConstructorParameters<typeof Openid4vpVerifier>[0]['callbacks']
type AnyJwk = Parameters<typeof importJWK>[0]

/** The peer in both roles, on what is written here for the keys it does not have. */
export interface Peer {
  readonly client: Openid4vpClient
  readonly verifier: Openid4vpVerifier
  /** Wanted again where answers are parsed. */
  readonly callbacks: Callbacks
  /** To which the peer as verifier has answers encrypted. */
  readonly encryptionKey: Awaited<ReturnType<typeof createEncryptionKey>>
}

const resolver: DidResolver = didResolver({ methods: [key, jwk] })

/** The key that a request object says it is signed by; trust is not this library's part. */
async function keyOf(signer: { readonly method: string }): Promise<AnyJwk> {
  if (signer.method === 'x5c') {
    const { x5c } = signer as unknown as { readonly x5c: readonly string[] }
    const certificate = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64'))
    return certificate.publicKey.export({ format: 'jwk' }) as AnyJwk
  }
  if (signer.method === 'did') {
    const { didUrl } = signer as unknown as { readonly didUrl: string }
    const { didDocument } = await resolver.resolve(didUrl.split('#')[0] ?? '')
    const [method] = (didDocument?.verificationMethod ?? []) as { publicKeyJwk: AnyJwk }[]
    if (method === undefined) throw new Error('the DID has no key')
    return method.publicKeyJwk
  }
  throw new Error('the peer knows no other signers')
}

/** The peer. `signingKey` signs its requests as verifier. */
export async function createPeer(options: {
  readonly fetch: typeof fetch
  readonly signingKey?: PrivateJwk
}): Promise<Peer> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signingKey = (options.signingKey ?? privateJwk) as AnyJwk
  const encryptionKey = await createEncryptionKey()
  const callbacks: Callbacks = {
    fetch: options.fetch,
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    getX509CertificateMetadata: (certificate) => {
      const { subjectAltName = '' } = new X509Certificate(Buffer.from(certificate, 'base64'))
      const names = subjectAltName.split(', ')
      const named = (kind: string) =>
        names.filter((each) => each.startsWith(kind)).map((each) => each.slice(kind.length))
      return { sanDnsNames: named('DNS:'), sanUriNames: named('URI:') }
    },
    signJwt: async (_signer, { header, payload }) => ({
      jwt: await new SignJWT(payload as JWTPayload)
        .setProtectedHeader(header as never)
        .sign((await importJWK(signingKey, 'ES256')) as CryptoKey),
      signerJwk: publicJwk as never,
    }),
    verifyJwt: async (signer, { compact, header }) => {
      const signerJwk = await keyOf(signer)
      try {
        await compactVerify(compact, (await importJWK(signerJwk, header.alg)) as CryptoKey)
        return { verified: true, signerJwk: signerJwk as never }
      } catch {
        return { verified: false }
      }
    },
    encryptJwe: async ({ publicJwk: to, alg, enc }, data) => ({
      encryptionJwk: to,
      jwe: await new CompactEncrypt(Buffer.from(data))
        .setProtectedHeader({ alg, enc, ...(to.kid !== undefined && { kid: to.kid }) })
        .encrypt((await importJWK(to as AnyJwk, alg)) as CryptoKey),
    }),
    decryptJwe: async (jwe) => {
      const own = await importJWK(encryptionKey.privateJwk as AnyJwk, 'ECDH-ES')
      const { plaintext } = await compactDecrypt(jwe, own as CryptoKey)
      const payload = Buffer.from(plaintext).toString()
      return { decrypted: true, decryptionJwk: encryptionKey.publicJwk as never, payload }
    },
  }
  const made = { callbacks }
  return {
    client: new Openid4vpClient(made),
    verifier: new Openid4vpVerifier(made),
    callbacks,
    encryptionKey,
  }
}
