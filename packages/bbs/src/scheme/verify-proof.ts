import {
  decodeScalar,
  falseClaims,
  type G1Point,
  modOrder,
  order,
  type PairingClaim,
} from '@asoba/bls12-381'
import { challenge } from './challenge.ts'
import { keyOf } from './keys.ts'
import { assertKind, type Profile, type ProfileKind } from './profile.ts'
import { combined, scopeOf } from './scope.ts'
import {
  ascendingBelow,
  type PlainStatement,
  type PseudonymStatement,
  type Statements,
} from './statement.ts'
import {
  domainOf,
  messageScalars,
  publicCurve,
  type Setting,
  settingOf,
  type VerifyOptions,
} from './suite.ts'

/**
 * Whether a proof shows what it claims. The profile is the verifier's own and fixes how
 * many messages, committed messages and nyms there are; false for everything else,
 * whatever the bytes and indexes. A `TypeError` only for a profile that was not made by
 * this package.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-proof-verification-proofver
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-proof-verification-with-pse
 * @see spec/bbs-profile.md, section 3: checks that the drafts leave out
 */
export function verifyProof<Kind extends ProfileKind>(
  profile: Profile<Kind>,
  statement: Statements[Kind],
  options?: VerifyOptions,
): boolean {
  assertKind(profile, 'plain', 'blind', 'pseudonym')
  const setting = settingOf(profile, publicCurve(options))
  const { curve } = setting
  const key = keyOf(curve, statement.publicKey)
  const claim = key === undefined ? undefined : openProof(setting, statement)
  if (key === undefined || claim === undefined) return false
  return falseClaims(curve, [claim], key, curve.g2).length === 0
}

/** What came of many proofs. */
export interface BatchResult {
  /** Whether all of them are good (also when there are none). */
  readonly verified: boolean
  /** Places of the bad ones in the list, ascending. */
  readonly refused: readonly number[]
}

/**
 * Judges many proofs under one issuer key at once: the costly pairings are done for all
 * together, and only when they fail for parts, until the bad ones are named. The result is
 * the one of {@link verifyProof} for each, but with a probability of 2^-128.
 */
export function verifyProofs<Kind extends ProfileKind>(
  profile: Profile<Kind>,
  publicKey: Uint8Array,
  statements: readonly Omit<Statements[Kind], 'publicKey'>[],
  options?: VerifyOptions,
): BatchResult {
  assertKind(profile, 'plain', 'blind', 'pseudonym')
  const setting = settingOf(profile, publicCurve(options))
  const { curve } = setting
  const key = keyOf(curve, publicKey)
  const places: number[] = []
  const claims: PairingClaim[] = []
  const refused = new Set<number>(statements.keys())
  if (key === undefined) return { verified: refused.size === 0, refused: [...refused] }
  statements.forEach((statement, place) => {
    const claim = openProof(setting, { ...statement, publicKey } as unknown as PlainStatement)
    if (claim === undefined) return
    refused.delete(place)
    places.push(place)
    claims.push(claim)
  })
  for (const index of falseClaims(curve, claims, key, curve.g2))
    refused.add(places[index] as number)
  return { verified: refused.size === 0, refused: [...refused].sort((a, b) => a - b) }
}

/** All of the verification but the pairings; `undefined` when it fails. */
function openProof(
  setting: Setting,
  statement: PlainStatement & Partial<PseudonymStatement>,
): PairingClaim | undefined {
  const { curve, profile, api, generators, p1, q1 } = setting
  const { disclosed, disclosedCommitted, proof } = statement
  const committed = profile.kind === 'plain' ? [] : (disclosedCommitted ?? [])
  const own = disclosed.map(({ index }) => index)
  const theirs = committed.map(({ index }) => index)
  // Whatever lies beyond L or M is the blinding factor or a nym and can be anything.
  if (!ascendingBelow(own, profile.messages) || !ascendingBelow(theirs, profile.committed)) {
    return undefined
  }
  const shown = [...own, ...theirs.map((index) => index + profile.messages + 1)]
  // Not a byte more nor less than what is not disclosed.
  const hiddenCount = generators.length - shown.length
  if (proof.length !== 272 + 32 * hiddenCount) return undefined
  const points = decodePoints(setting, proof)
  const responses = decodeScalars(proof.subarray(144))
  if (points === undefined || responses === undefined) return undefined
  const [aBar, bBar, d] = points
  const [eHat, r1Hat, r3Hat] = responses as [bigint, bigint, bigint]
  const hats = responses.slice(3, -1)
  const c = responses.at(-1) as bigint

  // ProofVerifyInit. T2 is Bv * c + D * r3^ + …; Bv is never computed by itself.
  const domain = domainOf(setting, statement.publicKey, statement.header)
  const scalars = messageScalars(
    api,
    [...disclosed, ...committed].map(({ message }) => message),
  )
  const t1 = curve.sum([bBar, aBar, d], [c, eHat, r1Hat])
  const multiples: bigint[] = []
  let nextShown = 0
  let nextHidden = 0
  for (let index = 0; index < generators.length; index++) {
    if (shown[nextShown] === index) {
      multiples.push(modOrder((scalars[nextShown++] as bigint) * c))
    } else {
      multiples.push(hats[nextHidden++] as bigint)
    }
  }
  const t2 = curve.sum([p1, q1, d, ...generators], [c, modOrder(domain * c), r3Hat, ...multiples])

  let nym: readonly G1Point[] = []
  if (profile.kind === 'pseudonym') {
    const { pseudonym, scope } = statement as PseudonymStatement
    const point = curve.decodeG1(pseudonym)
    if (point === undefined || curve.equal(point, curve.g1)) return undefined
    const { op, z } = scopeOf(curve, scope)
    // PseudonymProofVerifyInit: the last N responses are those of the nym secrets.
    const u = curve.sum([op, point], [combined(hats.slice(-profile.nyms), z), order - c])
    if (curve.equal(u, curve.zero)) return undefined
    nym = [point, u]
  }

  const expected = challenge(setting, {
    indexes: shown,
    scalars,
    points: [aBar, bBar, d, t1, t2, ...nym],
    domain,
    presentationHeader: statement.presentationHeader,
    scope: profile.kind === 'pseudonym' ? statement.scope : undefined,
  })
  return expected === c ? { left: aBar, right: bBar } : undefined
}

function decodePoints(
  { curve }: Setting,
  proof: Uint8Array,
): readonly [G1Point, G1Point, G1Point] | undefined {
  const aBar = curve.decodeG1(proof.subarray(0, 48))
  const bBar = aBar && curve.decodeG1(proof.subarray(48, 96))
  const d = bBar && curve.decodeG1(proof.subarray(96, 144))
  return aBar === undefined || bBar === undefined || d === undefined ? undefined : [aBar, bBar, d]
}

function decodeScalars(bytes: Uint8Array): readonly bigint[] | undefined {
  const scalars: bigint[] = []
  for (let at = 0; at < bytes.length; at += 32) {
    const scalar = decodeScalar(bytes.subarray(at, at + 32))
    if (scalar === undefined) return undefined
    scalars.push(scalar)
  }
  return scalars
}
