import type { Json } from '@asoba/core'
import type { HashName } from '#hash'

export type { HashName }

const known: readonly Json[] = ['sha-256', 'sha-384', 'sha-512'] satisfies HashName[]

/** The algorithm that `_sd_alg` names; `undefined` where we do not know it (RFC 9901 4.1.1). */
export function hashAlgorithm(sdAlg: Json | undefined): HashName | undefined {
  if (sdAlg === undefined) return 'sha-256'
  return known.includes(sdAlg) ? (sdAlg as HashName) : undefined
}
