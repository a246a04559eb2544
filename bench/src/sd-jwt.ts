import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type {
  CredentialType,
  JsonObject,
  PresentationContext,
  VerificationContext,
} from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { compare } from './compare.ts'

const names = Array.from({ length: 16 }, (_, at) => `claim${at}`)
const claims: JsonObject = Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
const shown = names.slice(0, 4)

const type: CredentialType = {
  name: 'bench',
  vct: 'https://issuer.example/credentials/bench/1',
  vctIntegrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  vcdmType: 'BenchCredential',
  contexts: ['https://www.w3.org/ns/credentials/v2'],
  types: ['VerifiableCredential', 'BenchCredential'],
  subjectTypes: [],
  claims: names.map((name) => ({
    path: [name],
    disclosable: 'always',
    mandatory: true,
    label: { be: name, en: name },
  })),
  schema: {},
  holderBinding: 'required',
  validate: () => [],
}

/** SD-JWT VC with 16 claims: issue; present 4 with key binding; verify that. ES256 throughout. */
export async function benchSdJwt(): Promise<boolean> {
  const key = await createKey('ES256')
  const issuer = 'https://issuer.example'
  const signer = await jwkSigner({ privateJwk: key.privateJwk, verificationMethod: 'key-1' })
  const format = sdJwtVc({ signer })
  const secrets = {
    derive: async (_label: string, length: number) => new Uint8Array(randomBytes(length)),
  }
  const { proof, retained } = await format.prepareHolder(secrets)
  if (proof.kind !== 'jwk') throw new Error('expected a key')
  const input = {
    type,
    issuer,
    claims,
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validUntil: new Date('2036-01-01T00:00:00Z'),
  }
  const now = new Date()
  const to: PresentationContext = {
    audience: 'https://verifier.example',
    nonce: 'n-0S6_WzA2Mj-4f1',
    purpose: 'present',
    now,
  }
  const context: VerificationContext = {
    audience: to.audience,
    nonce: to.nonce,
    purpose: 'present',
    now,
    clockTolerance: 60,
    maxProofAge: 3600,
    holderBinding: () => 'required',
    findIssuer: async () => ({
      verified: true,
      checks: [],
      issuer,
      type: 'bench',
      keys: [key.publicJwk],
      mechanism: 'https',
    }),
    findHolderKey: async () => {
      throw new Error('not asked for in this format')
    },
  }
  const ours = await format.secure(input, proof)
  const disclose = shown.map((name) => [name])
  const presented = await format.present(ours, disclose, to, retained)
  const judged = await format.verify(presented.wire, context)
  if (!judged.verified)
    throw new Error(`our own presentation is refused: ${judged.problems[0].code}`)

  // The peer with the fastest primitives that Node has, so that the ratio is the library's own.
  const holder = await createKey('ES256')
  const sha256 = (data: string | ArrayBuffer): Uint8Array =>
    createHash('sha256')
      .update(typeof data === 'string' ? data : Buffer.from(data))
      .digest()
  const signWith = (jwk: unknown) => {
    const privateKey = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
    return (data: string) =>
      sign('sha256', Buffer.from(data), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      )
  }
  const verifyWith = (jwk: unknown) => {
    const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    return (data: string, signature: string) =>
      verify(
        'sha256',
        Buffer.from(data),
        { key: publicKey, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
  }
  const peer = new SDJwtVcInstance({
    signer: signWith(key.privateJwk),
    signAlg: 'ES256',
    verifier: verifyWith(key.publicJwk),
    kbSigner: signWith(holder.privateJwk),
    kbSignAlg: 'ES256',
    // The holder's key is in the credential, a new one each time for a verifier: import it anew.
    kbVerifier: (
      data: string,
      signature: string,
      payload: { readonly cnf?: { readonly jwk?: unknown } },
    ) => verifyWith(payload.cnf?.jwk)(data, signature),
    hasher: sha256,
    hashAlg: 'sha-256',
    saltGenerator: (length: number) => randomBytes(length).toString('base64url'),
  } as never)
  const payload = {
    iss: issuer,
    iat: 1767225600,
    exp: 2082758400,
    vct: type.vct,
    cnf: { jwk: holder.publicJwk },
    ...claims,
  }
  const frame = { _sd: names } as never
  const issuePeer = () => peer.issue(payload as never, frame)
  const theirs = await issuePeer()
  const presentPeer = () =>
    peer.present(theirs, Object.fromEntries(shown.map((name) => [name, true])) as never, {
      kb: { payload: { iat: Math.floor(now.getTime() / 1000), aud: to.audience, nonce: to.nonce } },
    })
  const theirPresentation = await presentPeer()
  const verifyPeer = () =>
    peer.verify(theirPresentation, {
      requiredClaimKeys: shown,
      keyBindingNonce: to.nonce,
    } as never)
  await verifyPeer()

  const peerName = '@sd-jwt/sd-jwt-vc 0.19'
  const privateKey = createPrivateKey({ key: key.privateJwk as JsonWebKey, format: 'jwk' })
  const publicKey = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' })
  const raw = randomBytes(1500)
  const rawSignature = sign('sha256', raw, privateKey)
  const issued = await compare(
    'SD-JWT VC issue, 16 claims',
    [
      { name: 'asoba', run: () => format.secure(input, proof) },
      { name: peerName, run: issuePeer },
      { name: 'node:crypto, one signature', run: () => sign('sha256', raw, privateKey) },
    ],
    [{ faster: 4, than: peerName }],
  )
  const made = await compare(
    'SD-JWT VC present, 4 of 16 claims, key binding',
    [
      { name: 'asoba', run: () => format.present(ours, disclose, to, retained) },
      { name: peerName, run: presentPeer },
    ],
    [],
  )
  const verified = await compare(
    'SD-JWT VC verify, 4 of 16 claims, key binding',
    [
      { name: 'asoba', run: () => format.verify(presented.wire, context) },
      { name: peerName, run: verifyPeer },
      {
        name: 'node:crypto, two verifications',
        run: () =>
          verify('sha256', raw, publicKey, rawSignature) &&
          verify('sha256', raw, publicKey, rawSignature),
      },
    ],
    [{ faster: 2, than: peerName }],
  )
  return issued && made && verified
}
