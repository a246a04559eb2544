import type { VerifiedPresentation } from './accept.ts'
import type { Json, JsonObject } from './json.ts'
import type { JudgedCredential } from './judged-credential.ts'
import { idOf, subjectsOf } from './parts.ts'
import {
  type Check,
  checksUnder,
  type Problem,
  problem,
  problemsUnder,
  type Verified,
} from './problem.ts'

/** Credentials in one presentation at most. */
const maxCredentials = 16

/** What is wrong with the number of credentials in a presentation. */
export function countProblems(credentials: readonly Json[]): readonly Problem[] {
  return credentials.length > 0 && credentials.length <= maxCredentials
    ? []
    : [
        problem(
          'presentation.malformed',
          'a presentation holds at least one credential, and not too many',
        ),
      ]
}

/**
 * Judges each credential of a presentation like a lone one, and whether who presents is its subject,
 * which the policy may not ask of bearers.
 *
 * @param options `holder`: who presents; undefined where that is not known, of which others tell
 */
export async function judgeCredentials(
  credentials: readonly Json[],
  options: {
    readonly holder: string | undefined
    readonly judge: (
      credential: Json,
    ) => Verified<JudgedCredential> | Promise<Verified<JudgedCredential>>
    /** By policy name of the type. */
    readonly holderBinding: (type: string) => 'required' | 'bearer'
  },
): Promise<{
  readonly accepted: VerifiedPresentation['credentials']
  readonly problems: readonly Problem[]
  readonly checks: readonly Check[]
}> {
  const { holder, judge, holderBinding } = options
  const accepted: VerifiedPresentation['credentials'][number][] = []
  const problems: Problem[] = []
  const checks: Check[] = []
  for (const [index, one] of credentials.entries()) {
    const path = `/verifiableCredential/${index}`
    const judged = await judge(one)
    checks.push(...checksUnder(path, judged.checks))
    if (!judged.verified) {
      problems.push(...problemsUnder(path, judged.problems))
      continue
    }
    const holderIsSubject = isSubject(holder, judged.credential)
    const bound = holderIsSubject || holderBinding(judged.type) === 'bearer'
    checks.push({ check: 'holder-binding', path, outcome: bound ? 'passed' : 'failed' })
    if (!bound && holder !== undefined) {
      const detail = 'who presents is not the subject of the credential'
      problems.push(problem('holder.key-mismatch', detail, path))
    }
    const { verified: _verified, checks: _checks, ...credential } = judged
    accepted.push({ ...credential, holderIsSubject })
  }
  return { accepted, problems, checks }
}

function isSubject(holder: string | undefined, credential: JsonObject): boolean {
  const subjects = subjectsOf(credential)
  return (
    holder !== undefined && subjects.length > 0 && subjects.every((one) => idOf(one) === holder)
  )
}
