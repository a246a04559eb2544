// The ciphersuite and what is derived from it once per curve and profile.

import {
  bytesOf,
  type Curve,
  expandMessage,
  type G1Point,
  hashToScalar,
  type SecretCurve,
  verifyingCurve,
} from '@asoba/bls12-381'
import { concatBytes, utf8 } from '@asoba/core'
import type { Profile, ProfileKind } from './profile.ts'

/**
 * The BBS suite over BLS12-381 with SHA-256, the only one here.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-bls12-381-sha-256
 */
const ciphersuite = 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_'

const p1Bytes = bytesOf(
  0xa8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9n,
  48,
)

/** What every operation with a secret takes besides its input. */
export interface SchemeOptions {
  /** Another backend of the curve; `typescriptCurve` when absent. */
  readonly curve?: SecretCurve
}

/** What every verification takes besides its input. */
export interface VerifyOptions {
  /** Another backend of the curve; `verifyingCurve` when absent. */
  readonly curve?: Curve
}

/** Domain separation of one of the three schemes. */
export interface Interface {
  /** `ciphersuite_id` and the id of the interface. */
  readonly apiId: Uint8Array
  readonly toScalar: Uint8Array
  readonly message: Uint8Array
  readonly nyms: Uint8Array
  readonly keygen: Uint8Array
}

const idOf: Readonly<Record<ProfileKind, string>> = {
  plain: 'H2G_HM2S_',
  blind: 'BLIND_H2G_HM2S_',
  // The fixtures decide: parameter blocks of draft -03 still name other ids.
  pseudonym: 'H2G_HM2S_PSEUDONYM_',
}

function interfaceOf(id: string): Interface {
  const apiId = ciphersuite + id
  return {
    apiId: utf8(apiId),
    toScalar: utf8(`${apiId}H2S_`),
    message: utf8(`${apiId}MAP_MSG_TO_SCALAR_AS_HASH_`),
    nyms: utf8(`${apiId}VECT_NYM_SECRETS`),
    keygen: utf8(`${apiId}KEYGEN_DST_`),
  }
}

/** The three interfaces. */
export const interfaces: Readonly<Record<ProfileKind, Interface>> = {
  plain: interfaceOf(idOf.plain),
  blind: interfaceOf(idOf.blind),
  pseudonym: interfaceOf(idOf.pseudonym),
}

/** Points and their encoding, side by side in one order. */
export interface Generators {
  readonly points: readonly G1Point[]
  /** All of them in compressed form, one after the other. */
  readonly bytes: Uint8Array
}

/** Generators of one sort, in the order in which they are made, as far as they were needed. */
class Series {
  readonly #points: G1Point[] = []
  readonly #bytes: Uint8Array[] = []
  readonly #curve: Curve
  readonly #seed: Uint8Array
  readonly #dst: Uint8Array
  #v: Uint8Array

  constructor(curve: Curve, apiId: Uint8Array) {
    this.#curve = curve
    this.#seed = concatBytes(apiId, utf8('SIG_GENERATOR_SEED_'))
    this.#dst = concatBytes(apiId, utf8('SIG_GENERATOR_DST_'))
    // hash_to_generators 1.
    this.#v = expandMessage(concatBytes(apiId, utf8('MESSAGE_GENERATOR_SEED')), this.#seed, 48)
  }

  take(count: number): Generators {
    while (this.#points.length < count) {
      // 3. to 5.
      const number = bytesOf(this.#points.length + 1, 8)
      this.#v = expandMessage(concatBytes(this.#v, number), this.#seed, 48)
      const point = this.#curve.prepare(this.#curve.hashToG1(this.#v, this.#dst))
      this.#points.push(point)
      this.#bytes.push(this.#curve.encodeG1(point))
    }
    return {
      points: this.#points.slice(0, count),
      bytes: concatBytes(...this.#bytes.slice(0, count)),
    }
  }
}

/** A profile at work on a curve: everything that does not depend on anybody's data. */
export interface Setting<C extends Curve = Curve> {
  readonly curve: C
  readonly profile: Profile
  readonly api: Interface
  /** The point that every signature starts from. */
  readonly p1: G1Point
  /** `Q1`, of the domain. */
  readonly q1: G1Point
  /**
   * Of everything that is signed, in order: `H_1 … H_L` and, unless plain,
   * `Q2, J_1 … J_{M+N}`.
   */
  readonly generators: readonly G1Point[]
  /** `Q2, J_1 … J_{M+N}` and their bytes; empty when plain. */
  readonly blind: Generators
  /** What the domain hashes between the public key and the header. */
  readonly domainBytes: Uint8Array
}

interface CurveCache {
  readonly p1: G1Point
  readonly series: Map<string, Series>
}

// A generator is made once per curve and interface: at most 1025 messages and 1089 of the
// holder's in each of three interfaces, whatever profiles there are.
// Curves with the same identity have points of one sort and share what is kept.
const caches = new WeakMap<G1Point, CurveCache>()
const settings = new WeakMap<Profile, WeakMap<G1Point, Setting>>()

/** The setting of a profile; computed at its first use and kept as long as the profile. */
export function settingOf<C extends Curve>(profile: Profile, curve: C): Setting<C> {
  let bySort = settings.get(profile)
  if (bySort === undefined) {
    bySort = new WeakMap()
    settings.set(profile, bySort)
  }
  let setting = bySort.get(curve.zero)
  if (setting === undefined) {
    setting = makeSetting(profile, curve)
    bySort.set(curve.zero, setting)
  }
  return { ...setting, curve }
}

/** The curve that verifies. */
export function publicCurve(options: VerifyOptions | undefined): Curve {
  return options?.curve ?? verifyingCurve
}

function makeSetting(profile: Profile, curve: Curve): Setting {
  const cache = cacheOf(curve)
  const { kind, messages, committed, nyms } = profile
  const api = interfaces[kind]
  const seriesOf = (name: string, apiId: Uint8Array): Series => {
    const found = cache.series.get(name) ?? new Series(curve, apiId)
    cache.series.set(name, found)
    return found
  }
  const issuer = seriesOf(kind, api.apiId).take(messages + 1)
  const blind =
    kind === 'plain'
      ? { points: [], bytes: new Uint8Array(0) }
      : seriesOf(`blind ${kind}`, concatBytes(utf8('BLIND_'), api.apiId)).take(committed + nyms + 1)
  const [q1, ...rest] = issuer.points
  const generators = [...rest, ...blind.points]
  return {
    curve,
    profile,
    api,
    p1: cache.p1,
    q1: q1 as G1Point,
    generators,
    blind,
    domainBytes: concatBytes(bytesOf(generators.length, 8), issuer.bytes, blind.bytes, api.apiId),
  }
}

function cacheOf(curve: Curve): CurveCache {
  const found = caches.get(curve.zero)
  if (found !== undefined) return found
  const p1 = curve.decodeG1(p1Bytes)
  if (p1 === undefined) throw new TypeError('the backend cannot read P1')
  const cache = { p1: curve.prepare(p1), series: new Map<string, Series>() }
  caches.set(curve.zero, cache)
  return cache
}

/** `hash_to_scalar` of the interface over parts that are put together. */
export function challengeOf(api: Interface, ...parts: readonly Uint8Array[]): bigint {
  return hashToScalar(concatBytes(...parts), api.toScalar)
}

/** `messages_to_scalars`. */
export function messageScalars(api: Interface, messages: readonly Uint8Array[]): bigint[] {
  return messages.map((message) => hashToScalar(message, api.message))
}

/** A length and what has it. */
export function prefixed(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  return [bytesOf(bytes.length, 8), bytes]
}

/**
 * `calculate_domain`: what a signature is bound to besides its messages. With nyms their
 * number is part of the header, so that nobody can shorten the vector.
 */
export function domainOf(setting: Setting, publicKey: Uint8Array, header: Uint8Array): bigint {
  const { api, profile, domainBytes } = setting
  const full = profile.nyms === 0 ? header : concatBytes(header, bytesOf(profile.nyms, 8))
  return challengeOf(api, publicKey, domainBytes, ...prefixed(full))
}
