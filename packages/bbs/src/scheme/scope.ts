import { type Curve, type G1Point, hashToScalar, modOrder } from '@asoba/bls12-381'
import { interfaces } from './suite.ts'

/** What a scope is to the scheme: a base point and a place on the polynomial. */
export interface Scope {
  /** hash_to_curve of the scope: pseudonyms are multiples of it. */
  readonly op: G1Point
  /** hash_to_scalar of the scope: where the polynomial of the nym secrets is evaluated. */
  readonly z: bigint
}

const maxScopes = 32
const scopes = new WeakMap<G1Point, Map<bigint, G1Point>>()

/**
 * Hashes a scope, or remembers it.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-pseudonym-calculation-proce
 */
export function scopeOf(curve: Curve, scope: Uint8Array): Scope {
  const { apiId, nyms } = interfaces.pseudonym
  const z = hashToScalar(scope, nyms)
  const known = scopes.get(curve.zero) ?? new Map<bigint, G1Point>()
  scopes.set(curve.zero, known)
  const op = known.get(z) ?? curve.hashToG1(scope, apiId)
  known.delete(z)
  known.set(z, op)
  for (const oldest of known.keys()) {
    if (known.size <= maxScopes) break
    known.delete(oldest)
  }
  return { op, z }
}

/** The polynomial with these coefficients, constant first, at z. */
export function combined(coefficients: readonly bigint[], z: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => modOrder(sum * z + coefficient), 0n)
}
