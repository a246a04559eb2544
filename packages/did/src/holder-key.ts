import {
  AsobaError,
  fromBase64url,
  type HolderProof,
  isJsonObject,
  type PrivateJwk,
  parseJson,
  type SecretSource,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { keyFromSeed } from './create-key.ts'
import { didJwkOf } from './did-jwk.ts'
import { publicJwkOf, sameKey, validatePublicJwk } from './jwk.ts'
import { multikeyToJwk } from './multikey.ts'
import { jwkSigner } from './signer.ts'

/**
 * A fresh ES256 key for one copy of a credential. The label is random, so that no two copies
 * share a key; what is retained is the private key as JSON.
 */
export function prepareHolderKey(secrets: SecretSource): Promise<PreparedHolderKey> {
  return prepareHolderKeyOf('ES256', secrets)
}

/** The public half of a holder's key, and the secret to keep. */
export interface PreparedHolderKey {
  readonly proof: HolderProof
  readonly retained: Uint8Array
}

/** The same as {@link prepareHolderKey}, for the algorithm that a format needs. */
export async function prepareHolderKeyOf(
  algorithm: 'ES256' | 'EdDSA',
  secrets: SecretSource,
): Promise<PreparedHolderKey> {
  const label = `holder-key/${toBase64url(crypto.getRandomValues(new Uint8Array(16)))}`
  const { publicJwk, privateJwk } = await keyFromSeed(algorithm, await secrets.derive(label, 32))
  return { proof: { kind: 'jwk', publicJwk }, retained: utf8(JSON.stringify(privateJwk)) }
}

/**
 * Signs as the subject of a credential with the retained key.
 *
 * @throws AsobaError `wallet.credential-not-ours` where the credential is bound to another key
 */
export async function holderSigner(retained: Uint8Array, subject: string): Promise<Signer> {
  const privateJwk = parseJson(retained)
  if (!isJsonObject(privateJwk) || typeof privateJwk['d'] !== 'string') throw notOurs()
  const key = privateJwk as unknown as PrivateJwk
  const bound = proofOfSubject(subject)
  if (bound.kind !== 'jwk' || !sameKey(bound.publicJwk, publicJwkOf(key))) throw notOurs()
  // did:jwk names its one key `#0`, did:key repeats itself.
  const fragment = subject.startsWith('did:jwk:') ? '0' : subject.slice('did:key:'.length)
  return jwkSigner({ privateJwk: key, verificationMethod: `${subject}#${fragment}` })
}

/**
 * The DID that a credential is bound to, for a holder's proof: the one that was proven, or did:jwk
 * of the key; `undefined` for a bearer.
 *
 * @throws TypeError where the DID of the proof is not did:jwk or did:key of its key
 */
export function subjectOfProof(holder: HolderProof): string | undefined {
  if (holder.kind === 'bearer') return undefined
  if (holder.kind !== 'jwk') throw new TypeError('this format binds to a JWK or to nothing')
  const { publicJwk, did } = holder
  if (did === undefined) return didJwkOf(publicJwk)
  const named = proofOfSubject(did)
  if (named.kind !== 'jwk' || !sameKey(named.publicJwk, publicJwk)) {
    throw new TypeError('the DID of a holder is did:jwk or did:key of the proven key')
  }
  return did
}

/** The key in a self-describing DID (`did:jwk`, `did:key`), unverified; everything else is a bearer. */
export function proofOfSubject(subject: string | undefined): HolderProof {
  try {
    if (subject?.startsWith('did:jwk:')) {
      const publicJwk = validatePublicJwk(parseJson(fromBase64url(subject.slice(8)) ?? ''))
      if (publicJwk) return { kind: 'jwk', publicJwk }
    }
    if (subject?.startsWith('did:key:')) {
      return { kind: 'jwk', publicJwk: multikeyToJwk(subject.slice(8)) }
    }
  } catch {
    // A key that cannot be read binds nobody.
  }
  return { kind: 'bearer' }
}

function notOurs(): AsobaError {
  return new AsobaError(
    'wallet.credential-not-ours',
    'the retained key is not the one the credential is bound to',
  )
}
