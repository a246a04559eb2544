import { createPrivateKey, createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto'
import type { JsonObject, SignatureAlgorithm, TrustedIssuer } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signCredential, verifyCredential } from '@asoba/jwt'
import { base64ToBytes, EdDSASigner, ES256Signer } from 'did-jwt'
import { createVerifiableCredentialJwt, verifyCredential as peerVerify } from 'did-jwt-vc'
import { importJWK, jwtVerify, SignJWT } from 'jose'
import { bazaarVc } from './bazaar-vc.ts'
import { compare } from './compare.ts'

const claims: JsonObject = Object.fromEntries(
  Array.from({ length: 16 }, (_, at) => [`claim${at}`, `value of claim number ${at}`]),
)

/**
 * JWT VC, issue and verify, 16 claims, beside jose, did-jwt-vc and bare node:crypto; for EdDSA beside
 * Digital Bazaar's Data Integrity too.
 */
export async function benchJwt(
  algorithm: SignatureAlgorithm & ('ES256' | 'EdDSA'),
): Promise<boolean> {
  const { publicJwk, privateJwk } = await createKey(algorithm)
  const did = 'did:web:issuer.example'
  const kid = `${did}#key-1`
  const signer = await jwkSigner({ privateJwk, verificationMethod: kid })
  const credential: JsonObject = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential', 'ExampleCredential'],
    issuer: did,
    validFrom: '2026-01-01T00:00:00Z',
    validUntil: '2036-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:subject', ...claims },
  }
  const trusted: TrustedIssuer = {
    issuer: did,
    type: 'example',
    keys: [publicJwk],
    mechanism: 'did',
  }
  const context = {
    now: new Date(),
    clockTolerance: 0,
    findIssuer: async () => ({ verified: true as const, checks: [], ...trusted }),
  }

  const josePrivate = await importJWK(privateJwk as JsonWebKey, algorithm)
  const josePublic = await importJWK(publicJwk as JsonWebKey, algorithm)

  const secret = base64ToBytes(privateJwk.d)
  const peerIssuer = {
    did,
    alg: algorithm,
    signer:
      algorithm === 'ES256'
        ? ES256Signer(secret)
        : EdDSASigner(new Uint8Array([...secret, ...base64ToBytes(publicJwk.x as string)])),
  }
  const peerPayload = {
    sub: 'did:example:subject',
    nbf: 1767225600,
    exp: 2082758400,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'ExampleCredential'],
      credentialSubject: claims,
    },
  }
  const document = {
    '@context': 'https://www.w3.org/ns/did/v1',
    id: did,
    verificationMethod: [
      { id: kid, type: 'JsonWebKey2020', controller: did, publicKeyJwk: publicJwk },
    ],
    assertionMethod: [kid],
    authentication: [kid],
  }
  const resolver = {
    resolve: async () => ({
      didResolutionMetadata: {},
      didDocument: document,
      didDocumentMetadata: {},
    }),
  }

  const privateKey = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' })
  const publicKey = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' })
  const digest = algorithm === 'EdDSA' ? null : 'sha256'

  const ours = await signCredential(credential, signer)
  // What node:crypto signs and verifies are the very bytes of ours, and nothing more is done.
  const raw = Buffer.from(ours.slice(0, ours.lastIndexOf('.')))
  const rawSignature = sign(digest, raw, privateKey)
  const theirsJose = await new SignJWT(credential as Record<string, unknown>)
    .setProtectedHeader({ alg: algorithm, typ: 'vc+jwt', kid })
    .sign(josePrivate)
  const theirsPeer = await createVerifiableCredentialJwt(peerPayload as never, peerIssuer as never)
  const bazaar = algorithm === 'EdDSA' ? await bazaarVc(credential, did) : undefined
  const bazaarName = '@digitalbazaar/vc, eddsa-rdfc-2022'
  const check = await verifyCredential(ours, context)
  if (!check.verified) throw new Error(`our own credential is refused: ${check.problems[0].code}`)

  const issued = await compare(
    `JWT VC issue, ${algorithm}, 16 claims`,
    [
      { name: 'asoba', run: () => signCredential(credential, signer) },
      { name: 'node:crypto', run: () => sign(digest, raw, privateKey) },
      {
        name: 'jose',
        run: () =>
          new SignJWT(credential as Record<string, unknown>)
            .setProtectedHeader({ alg: algorithm, typ: 'vc+jwt', kid })
            .sign(josePrivate),
      },
      {
        name: 'did-jwt-vc',
        run: () => createVerifiableCredentialJwt(peerPayload as never, peerIssuer as never),
      },
      ...(bazaar ? [{ name: bazaarName, run: () => bazaar.issue() }] : []),
    ],
    [],
  )
  const verified = await compare(
    `JWT VC verify, ${algorithm}, 16 claims`,
    [
      { name: 'asoba', run: () => verifyCredential(ours, context) },
      { name: 'node:crypto', run: () => verify(digest, raw, publicKey, rawSignature) },
      { name: 'jose', run: () => jwtVerify(theirsJose, josePublic) },
      { name: 'did-jwt-vc', run: () => peerVerify(theirsPeer, resolver as never) },
      ...(bazaar ? [{ name: bazaarName, run: () => bazaar.verify() }] : []),
    ],
    [{ within: 1.3, of: 'node:crypto' }],
  )
  return issued && verified
}
