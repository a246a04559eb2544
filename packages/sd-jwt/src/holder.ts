import { type HolderBinding, type Problem, problem } from '@asoba/core'
import { confirmationKey, type KeyBindingExpectation, keyBindingProblems } from './key-binding.ts'
import type { OpenedSdJwt } from './parse.ts'

/** How an SD-JWT is bound to who presents it, and what is wrong with that. */
export interface JudgedHolder {
  readonly holder: HolderBinding
  readonly problems: readonly Problem[]
  /** Hashes of the transactions that the key binding authorises. */
  readonly authorised: readonly string[]
}

/**
 * Judges the key binding. What the policy and the credential say decides whether it is due, never
 * whether one was sent: a credential that names a key is presented with that key or not at all.
 *
 * @param policy whether a credential without a key may be presented; `undefined` where that is not
 * known because the issuer is not
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.3
 */
export async function judgeHolder(
  opened: OpenedSdJwt,
  policy: 'required' | 'bearer' | undefined,
  expected: KeyBindingExpectation,
): Promise<JudgedHolder> {
  const { claims, keyBinding, presented, hash } = opened
  const failed = (...problems: readonly Problem[]): JudgedHolder => ({
    holder: { kind: 'none', proven: false },
    problems,
    authorised: [],
  })
  if (!Object.hasOwn(claims, 'cnf')) {
    if (keyBinding !== undefined) {
      return failed(problem('holder.proof-malformed', 'a key binding without a key to check it by'))
    }
    if (policy !== 'required') return failed()
    return failed(problem('holder.binding-missing', 'the credential is bound to no key'))
  }
  // Step 2.
  if (keyBinding === undefined) {
    return failed(problem('holder.binding-missing', 'the key binding is missing'))
  }
  // Step 5.1.
  const holderKey = confirmationKey(claims['cnf'])
  if (holderKey === undefined) {
    return failed(problem('holder.key-mismatch', 'cnf names no key by value (jwk)', '/cnf'))
  }
  const bound = { presented, hash, holderKey }
  const { problems, authorised } = await keyBindingProblems(keyBinding, bound, expected)
  return problems.length > 0
    ? failed(...problems)
    : { holder: { kind: 'cnf', proven: true }, problems, authorised }
}
