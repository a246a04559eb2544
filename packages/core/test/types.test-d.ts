import type { AsobaErrorCode, ProblemCode, Refused, Verified } from '@asoba/core'
import { problem, refused } from '@asoba/core'

// Claims exist on the verified arm alone.
declare const result: Verified<{ readonly claims: { readonly citizen: boolean } }>
if (result.verified) result.claims.citizen satisfies boolean
else {
  result.problems[0].code satisfies ProblemCode
  // @ts-expect-error: nothing of the data on the other arm
  result.claims
}

// Codes are closed.
problem('credential.malformed', 'A sentence.')
// @ts-expect-error: not a code
problem('credential.strange', 'A sentence.')
// @ts-expect-error: not a code of an operation
export const code: AsobaErrorCode = 'credential.expired'

// A refusal always has a problem.
refused([problem('replay.seen', 'A sentence.')]) satisfies Refused
// @ts-expect-error: none
export const none: Refused = { verified: false, problems: [], checks: [] }
