import {
  fromBase64url,
  type HolderProof,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
} from '@asoba/core'
import {
  didResolver,
  findVerificationKeys,
  jwk,
  jwkThumbprint,
  key,
  validatePublicJwk,
} from '@asoba/did'
import { type ParsedJws, verifyJwsWith } from '@asoba/jwt'
import type { Grant } from './access.ts'
import { Refusal } from './answers.ts'
import { isFresh, jwtOf, whyNoJwt } from './attestation.ts'
import { readKeyAttestation } from './key-attestation.ts'
import { bindingMethods, commitmentProofType } from './metadata.ts'
import { firstUse, nonceLifetime, unsealFor } from './sealed.ts'
import type { Configuration, Settings } from './settings.ts'

/** Longest commitment, in bytes: 64 nyms have room. */
const maxCommitment = 8192
const resolver = didResolver({ methods: [key, jwk] })

/**
 * What the copies will be bound to: keys or commitments that the wallet proves to have, all
 * distinct, no more than a batch. Nonces are used up only when everything else is right.
 *
 * @throws Refusal `invalid_proof`, `invalid_nonce`
 * @see OpenID4VCI 1.0 sections 8.2.1 and F.4
 */
export async function readHolders(
  settings: Settings,
  request: {
    readonly configuration: Configuration
    readonly grant: Grant
    readonly proofs: Json | undefined
  },
): Promise<readonly HolderProof[]> {
  const { configuration, grant, proofs } = request
  if (configuration.holder === 'bearer') return [{ kind: 'bearer' }]
  const [entry, ...others] = isJsonObject(proofs) ? Object.entries(proofs) : []
  const [type, list] = entry ?? []
  if (type === undefined || others.length > 0 || !Array.isArray(list) || list.length === 0) {
    throw invalid('proofs names one type of proof, and has one proof at least')
  }
  if (list.length > settings.batchSize) throw invalid('there are more proofs than a batch has')
  if (configuration.holder === 'bbs-commitment') {
    if (type !== commitmentProofType) throw invalid('this type of proof is not supported')
    return distinctCommitments(list as readonly Json[])
  }
  const proven = await provenBy(settings, configuration, grant, type, list as readonly Json[])
  const keys = proven.flatMap((each) => each.keys)
  if (keys.length > settings.batchSize) throw invalid('more keys are attested than a batch has')
  const thumbprints = await Promise.all(keys.map(({ publicJwk }) => jwkThumbprint(publicJwk)))
  if (new Set(thumbprints).size < keys.length) throw invalid('every copy needs a key of its own')
  for (const nonce of new Set(proven.flatMap((each) => each.nonces))) {
    if (!(await firstUse(settings, 'nonce', nonce, nonceLifetime))) throw staleNonce()
  }
  return keys.map((each) => ({ kind: 'jwk', ...each }))
}

/** A key, and the DID that named it (F.1: what the credential is to be bound to). */
interface ProvenKey {
  readonly publicJwk: Jwk
  readonly did?: string
}

interface Proven {
  readonly keys: readonly ProvenKey[]
  readonly nonces: readonly string[]
}

async function provenBy(
  settings: Settings,
  configuration: Configuration,
  grant: Grant,
  type: string,
  list: readonly Json[],
): Promise<readonly Proven[]> {
  if (type === 'jwt') {
    return Promise.all(list.map((each) => provenByJwt(settings, configuration, grant, each)))
  }
  if (type === 'attestation') {
    if (settings.options.keyAttesters === undefined) {
      throw invalid('key attestations are not taken here')
    }
    const [attestation] = list
    if (list.length > 1) throw invalid('there is one key attestation')
    const { keys, nonce } = await readKeyAttestation(settings, configuration, attestation, {
      expires: 'optional',
    })
    const bare = keys.map((each) => ({ publicJwk: bareKey(each) }))
    return [{ keys: bare, nonces: [await liveNonce(settings, nonce)] }]
  }
  throw invalid('this type of proof is not supported')
}

/** @see OpenID4VCI 1.0 section F.1 */
async function provenByJwt(
  settings: Settings,
  configuration: Configuration,
  grant: Grant,
  text: Json,
): Promise<Proven> {
  const proof = jwtOf(text, 'openid4vci-proof+jwt')
  if (proof === undefined) throw invalid(`a proof ${whyNoJwt(text, 'openid4vci-proof+jwt')}`)
  const { header, claims } = proof
  if (!settings.algorithms.includes(header.alg)) throw invalid('the algorithm is not supported')
  const attestation = header['key_attestation']
  if (configuration.keyAttestation !== undefined && attestation === undefined) {
    throw invalid('keys need an attestation')
  }
  const attested =
    attestation === undefined || settings.options.keyAttesters === undefined
      ? undefined
      : await readKeyAttestation(settings, configuration, attestation, { expires: 'required' })
  const own = await keyOf(configuration, proof, attested?.keys)
  if (!(await verifyJwsWith(proof, [own.publicJwk])))
    throw invalid('the signature of a proof is wrong')
  // F.4: audience, freshness, client
  if (claims['aud'] !== settings.url) throw invalid('a proof is for another issuer')
  if (!isFresh(settings, claims['iat'])) throw invalid('a proof is too old, or of the future')
  const iss = claims['iss']
  if (iss !== undefined && grant.clientId !== undefined && iss !== grant.clientId) {
    throw invalid('a proof is by another client')
  }
  const nonces = [await liveNonce(settings, claims['nonce'])]
  if (attested === undefined) return { keys: [own], nonces }
  const thumbprint = await jwkThumbprint(own.publicJwk)
  const all = await Promise.all(attested.keys.map((each) => jwkThumbprint(each)))
  if (!all.includes(thumbprint)) throw invalid('a proof is by a key that is not attested')
  const keys = attested.keys.map((each, at) =>
    all[at] === thumbprint ? own : { publicJwk: bareKey(each) },
  )
  return { keys, nonces: [...nonces, await liveNonce(settings, attested.nonce)] }
}

/** The key that a proof names: exactly one of `jwk` and `kid`. */
async function keyOf(
  configuration: Configuration,
  { header }: ParsedJws,
  attested: readonly Jwk[] | undefined,
): Promise<ProvenKey> {
  const { kid, x5c } = header
  const bare = header['jwk']
  if (x5c !== undefined || (bare === undefined) === (kid === undefined)) {
    throw invalid('a proof names its key by jwk or by kid')
  }
  if (kid === undefined) {
    const found =
      isJsonObject(bare) && bare['d'] === undefined ? validatePublicJwk(bare) : undefined
    if (found === undefined) throw invalid('jwk is no public key of ours')
    return { publicJwk: bareKey(found) }
  }
  if (attested === undefined && header['key_attestation'] !== undefined && !kid.includes('#')) {
    throw invalid('key attestations are not taken here, and kid names no key without one')
  }
  if (attested !== undefined) {
    // By its own name, or by its place as in the example of the text.
    const found = attested.find((each) => each.kid === kid) ?? attested[placeOf(kid)]
    if (found !== undefined) return { publicJwk: bareKey(found) }
    if (!kid.includes('#')) throw invalid('kid names no attested key')
  }
  const [did = '', fragment] = kid.split('#')
  const method = did.split(':').slice(0, 2).join(':')
  if (fragment === undefined || !bindingMethods(configuration).includes(method)) {
    throw invalid('kid is a DID URL of a method in the metadata')
  }
  const found = await findVerificationKeys(resolver, { did, relationship: 'authentication', kid })
  const [first] = found.verified ? found.keys : []
  if (first === undefined) throw invalid('kid names no key')
  return { publicJwk: bareKey(first.publicJwk), did }
}

function placeOf(kid: string): number {
  return /^\d{1,2}$/.test(kid) ? Number(kid) : -1
}

/** The key without names: what goes into a credential tells nothing more of the wallet. */
export function bareKey({ kty, crv, x, y }: Jwk): Jwk {
  return y === undefined ? ({ kty, crv, x } as Jwk) : ({ kty, crv, x, y } as Jwk)
}

async function liveNonce(settings: Settings, nonce: Json | undefined): Promise<string> {
  if (typeof nonce !== 'string' || (await unsealFor(settings, 'nonce', nonce)) === undefined) {
    throw staleNonce()
  }
  return nonce
}

/** The holder's commitments; what is in them the format checks. @see spec/openid4vci-profile.md */
function distinctCommitments(list: readonly Json[]): readonly HolderProof[] {
  if (new Set(list).size < list.length) throw invalid('every copy needs a commitment of its own')
  return list.map((text) => {
    const commitmentWithProof = typeof text === 'string' ? fromBase64url(text) : undefined
    if (commitmentWithProof === undefined || commitmentWithProof.length > maxCommitment) {
      throw invalid('a commitment is base64url')
    }
    return { kind: 'bbs-commitment', commitmentWithProof }
  })
}

function staleNonce(): Refusal {
  return new Refusal('invalid_nonce', 'the nonce is missing or over: get another')
}

/** The refusal of a proof. */
export function invalid(description: string): Refusal {
  return new Refusal('invalid_proof', description)
}

/** A holder as it is sealed into a transaction. */
export function holderJson(holder: HolderProof, encode: (bytes: Uint8Array) => string): JsonObject {
  if (holder.kind === 'jwk') {
    const { publicJwk, did } = holder
    return { jwk: { ...publicJwk } as unknown as JsonObject, ...(did !== undefined && { did }) }
  }
  return holder.kind === 'bearer' ? {} : { commitment: encode(holder.commitmentWithProof) }
}

/** What {@link holderJson} made. */
export function holderOf({ jwk: publicJwk, did, commitment }: JsonObject): HolderProof {
  if (isJsonObject(publicJwk)) {
    const held = { kind: 'jwk', publicJwk: publicJwk as unknown as Jwk } as const
    return typeof did === 'string' ? { ...held, did } : held
  }
  const bytes = typeof commitment === 'string' ? fromBase64url(commitment) : undefined
  return bytes === undefined
    ? { kind: 'bearer' }
    : { kind: 'bbs-commitment', commitmentWithProof: bytes }
}
