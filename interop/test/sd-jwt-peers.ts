import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { JsonObject } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { type VerifySdJwtOptions, verifySdJwt } from '@asoba/sd-jwt'
import { SDJwtInstance } from '@sd-jwt/core'
import { SDJwtInstance as SDJwtInstance20 } from '@sd-jwt/core-0.20'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'

/** What the versions of the peer have in common, without the types of any of them. */
export interface SdJwtPeer {
  issue(claims: object, frame?: object, options?: { readonly header?: object }): Promise<string>
  present(wire: string, frame?: object, options?: { readonly kb: object }): Promise<string>
  verify(wire: string, options?: object): Promise<{ readonly payload: object }>
  toGeneralJSON(wire: string): { toJson(): object }
  toFlattenJSON(wire: string): { toJson(): object }
}

export type Version = '0.19' | '0.20'
export const issuer = await createKey('ES256')
export const holder = await createKey('ES256')
export const signer = await jwkSigner({ privateJwk: issuer.privateJwk, verificationMethod: '' })
export const holderSigner = await jwkSigner({
  privateJwk: holder.privateJwk,
  verificationMethod: '',
})
/** The peer knows whole seconds only. */
export const now = new Date('2026-06-01T00:00:00Z')
export const seconds = now.getTime() / 1000
export const audience = 'https://verifier.example'
export const nonce = 'n-0S6_WzA2Mj'
export const cnf = { jwk: { ...holder.publicJwk } }

/** ES256 by the platform, so that nothing of ours signs or verifies for the peer. */
export function signWith(privateJwk: object): (data: string) => Promise<string> {
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' })
  return async (data) =>
    sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

function verifyWith(publicJwk: object, data: string, signature: string): boolean {
  const key = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' })
  const raw = Buffer.from(signature, 'base64url')
  return verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, raw)
}

/** Every callback that the peer takes. */
export function callbacks(hashAlg = 'sha-256'): object {
  return {
    signAlg: 'ES256',
    signer: signWith(issuer.privateJwk),
    verifier: async (data: string, signature: string) =>
      verifyWith(issuer.publicJwk, data, signature),
    kbSignAlg: 'ES256',
    kbSigner: signWith(holder.privateJwk),
    kbVerifier: async (data: string, signature: string, { cnf: named }: { cnf: typeof cnf }) =>
      verifyWith(named.jwk, data, signature),
    hashAlg,
    hasher: (data: string | ArrayBuffer, algorithm: string) =>
      createHash(algorithm.replace('-', ''))
        .update(typeof data === 'string' ? data : Buffer.from(data))
        .digest(),
    saltGenerator: (length: number) => randomBytes(length).toString('base64url'),
  }
}

export function peerOf(version: Version, hashAlg?: string): SdJwtPeer {
  const config = callbacks(hashAlg) as never
  const made: unknown = version === '0.19' ? new SDJwtInstance(config) : new SDJwtInstance20(config)
  return made as SdJwtPeer
}

/** `@sd-jwt/sd-jwt-vc` 0.19: the same, and `typ`, `vct` and status. */
export function vcPeer(more: object = {}): SdJwtPeer {
  return new SDJwtVcInstance({ ...callbacks(), ...more } as never) as unknown as SdJwtPeer
}

/** Ours, for a credential with `cnf`, at the peer's time. */
export function judge(wire: unknown, more: Partial<VerifySdJwtOptions> = {}) {
  return verifySdJwt(wire, {
    typ: 'example+sd-jwt',
    now,
    clockTolerance: 0,
    findKeys: async () => ({ verified: true, checks: [], keys: [issuer.publicJwk] }),
    keyBinding: { audience, nonce, maxProofAge: 300, withoutKey: 'accepted' },
    ...more,
  })
}

export function encode(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** A JWS as anybody with the key can make it, of JSON text as it stands. */
export async function jws(
  privateJwk: object,
  header: object | string,
  payload: object | string,
): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${await signWith(privateJwk)(input)}`
}

export function digestOf(disclosure: string): string {
  return createHash('sha256').update(disclosure).digest('base64url')
}

/** An SD-JWT as a careless or hostile issuer would sign it. */
export async function forged(
  payload: object | string,
  disclosures: readonly string[] = [],
  header: object | string = { alg: 'ES256', typ: 'example+sd-jwt' },
): Promise<string> {
  return `${[await jws(issuer.privateJwk, header, payload), ...disclosures].join('~')}~`
}

/** The same with a key binding of the holder. */
export async function bound(wire: string, change: JsonObject = {}): Promise<string> {
  const payload = { iat: seconds, aud: audience, nonce, sd_hash: digestOf(wire), ...change }
  return wire + (await jws(holder.privateJwk, { alg: 'ES256', typ: 'kb+jwt' }, payload))
}

export function codes(result: object): readonly string[] {
  const { problems = [] } = result as { problems?: readonly { readonly code: string }[] }
  return problems.map(({ code }) => code)
}
