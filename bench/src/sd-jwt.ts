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
  Jwk,
  PresentationContext,
  PrivateJwk,
  VerificationContext,
} from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import {
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWTHeaderParameters,
  jwtVerify,
  SignJWT,
} from 'jose'
import { compare } from './compare.ts'

const names = Array.from({ length: 16 }, (_, at) => `claim${at}`)
const claims: JsonObject = Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
const shown = names.slice(0, 4)
// More than any cache of keys holds.
const copies = 200

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
  const { proof } = await format.prepareHolder(secrets)
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
  // One copy for each presentation, each with a key of its own: no holder's key is met twice.
  const disclose = shown.map((name) => [name])
  const ours = await Promise.all(
    Array.from({ length: copies }, async () => {
      const holder = await format.prepareHolder(secrets)
      const secured = await format.secure(input, holder.proof)
      const { retained } = holder
      return {
        secured,
        retained,
        wire: (await format.present(secured, disclose, to, retained)).wire,
      }
    }),
  )
  for (const { wire } of ours) {
    const judged = await format.verify(wire, context)
    if (!judged.verified)
      throw new Error(`our own presentation is refused: ${judged.problems[0].code}`)
  }

  // The peer with the fastest primitives that Node has, so that the ratio is the library's own.
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
  const peerWith = (kbSigner: (data: string) => string) =>
    new SDJwtVcInstance({
      signer: signWith(key.privateJwk),
      signAlg: 'ES256',
      verifier: verifyWith(key.publicJwk),
      kbSigner,
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
  const frame = { _sd: names } as never
  const payload = {
    iss: issuer,
    iat: 1767225600,
    exp: 2082758400,
    vct: type.vct,
    'vct#integrity': type.vctIntegrity,
    ...claims,
  }
  const shownFrame = Object.fromEntries(shown.map((name) => [name, true])) as never
  const binding = {
    kb: { payload: { iat: Math.floor(now.getTime() / 1000), aud: to.audience, nonce: to.nonce } },
  }
  const theirs = await Promise.all(
    Array.from({ length: copies }, async () => {
      const holder = await createKey('ES256')
      const instance = peerWith(signWith(holder.privateJwk))
      const content = { ...payload, cnf: { jwk: holder.publicJwk } }
      const issued = await instance.issue(content as never, frame)
      const wire = await instance.present(issued, shownFrame, binding)
      return { holder, instance, content, issued, wire }
    }),
  )
  const [first] = theirs as [(typeof theirs)[0]]
  const checking = { requiredClaimKeys: shown, keyBindingNonce: to.nonce } as never
  for (const { wire } of theirs) await first.instance.verify(wire, checking)

  const peerName = '@sd-jwt/sd-jwt-vc 0.19'
  const privateKey = createPrivateKey({ key: key.privateJwk as JsonWebKey, format: 'jwk' })
  const publicKey = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' })
  const jose = await joseParts(ours[0]?.wire as string, key.privateJwk, key.publicJwk)
  const raw = randomBytes(1500)
  const rawSignature = sign('sha256', raw, privateKey)
  let turn = 0
  /** The next copy, the same order for everybody. */
  const next = <T>(of: readonly T[]): T => of[turn++ % copies] as T
  const issued = await compare(
    'SD-JWT VC issue, 16 claims',
    [
      { name: 'asoba', run: () => format.secure(input, proof) },
      { name: peerName, run: () => first.instance.issue(first.content as never, frame) },
      { name: 'jose, the JWT alone', run: jose.sign },
      { name: 'node:crypto, one signature', run: () => sign('sha256', raw, privateKey) },
    ],
    [{ faster: 4, than: peerName }],
  )
  const made = await compare(
    'SD-JWT VC present, 4 of 16 claims, key binding',
    [
      {
        name: 'asoba',
        run: () => {
          const { secured, retained } = next(ours)
          return format.present(secured, disclose, to, retained)
        },
      },
      {
        // Ours reads the holder's key from its bytes each time, and makes sure of it.
        name: peerName,
        run: () => {
          const { instance, issued: copy } = next(theirs)
          return instance.present(copy, shownFrame, binding)
        },
      },
      {
        name: `${peerName}, reading the key`,
        run: () => {
          const { holder, issued: copy } = next(theirs)
          return peerWith(signWith(holder.privateJwk)).present(copy, shownFrame, binding)
        },
      },
      { name: 'node:crypto, one signature', run: () => sign('sha256', raw, privateKey) },
    ],
    [{ faster: 2, than: peerName }],
  )
  const verified = await compare(
    'SD-JWT VC verify, 4 of 16 claims, key binding',
    [
      { name: 'asoba', run: () => format.verify(next(ours).wire, context) },
      { name: peerName, run: () => first.instance.verify(next(theirs).wire, checking) },
      { name: 'jose, the two JWTs alone', run: () => jose.verify(next(ours).wire as string) },
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

/** What a program on jose does of it: it signs the same payload, and verifies both JWTs; no digest. */
async function joseParts(wire: string, privateJwk: PrivateJwk, publicJwk: Jwk) {
  const privateKey = await importJWK(privateJwk as JsonWebKey, 'ES256')
  const publicKey = await importJWK(publicJwk as JsonWebKey, 'ES256')
  const [jwt] = wire.split('~') as [string]
  const payload = decodeJwt(jwt)
  const header = decodeProtectedHeader(jwt) as JWTHeaderParameters
  return {
    sign: () => new SignJWT(payload).setProtectedHeader(header).sign(privateKey),
    verify: async (presented: string) => {
      const parts = presented.split('~')
      const { payload: claims } = await jwtVerify(parts[0] as string, publicKey)
      const { jwk } = claims['cnf'] as { readonly jwk: JsonWebKey }
      return jwtVerify(parts.at(-1) as string, await importJWK(jwk, 'ES256'))
    },
  }
}
