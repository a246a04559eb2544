import { type SecretCurve, typescriptCurve } from '@asoba/bls12-381'
import type { SchemeOptions } from './suite.ts'

/** The curve that computes with secrets: in a file of its own, for it is large. */
export function secretCurve(options: SchemeOptions | undefined): SecretCurve {
  return options?.curve ?? typescriptCurve
}
