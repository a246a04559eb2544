import { bytesOf, encodeScalar, type G1Point } from '@asoba/bls12-381'
import { challengeOf, prefixed, type Setting } from './suite.ts'

/** What the challenge of a proof is hashed from. */
export interface Transcript {
  /** Places of what is disclosed among everything that is signed, as the draft orders them. */
  readonly indexes: readonly number[]
  /** The disclosed messages as scalars, in the same order. */
  readonly scalars: readonly bigint[]
  /** Abar, Bbar, D, T1, T2 and, with nyms, the pseudonym and Ut. */
  readonly points: readonly G1Point[]
  readonly domain: bigint
  readonly presentationHeader: Uint8Array
  /** With nyms only. */
  readonly scope: Uint8Array | undefined
}

/**
 * `ProofChallengeCalculate`, and with a scope that of the pseudonym draft.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-challenge-calculation
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-challenge-calculation
 */
export function challenge({ api, curve }: Setting, transcript: Transcript): bigint {
  const { indexes, scalars, points, domain, presentationHeader, scope } = transcript
  return challengeOf(
    api,
    bytesOf(indexes.length, 8),
    ...indexes.flatMap((index, order) => [
      bytesOf(index, 8),
      encodeScalar(scalars[order] as bigint),
    ]),
    ...points.map((point) => curve.encodeG1(point)),
    encodeScalar(domain),
    ...prefixed(presentationHeader),
    ...(scope === undefined ? [] : prefixed(scope)),
  )
}
