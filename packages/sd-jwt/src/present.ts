import { AsobaError, type ClaimsPath, resolvePath, type Signer } from '@asoba/core'
import type { Disclosure } from './disclosure.ts'
import { type KeyBindingInput, signKeyBinding } from './key-binding.ts'
import { type OpenedSdJwt, openSdJwt } from './parse.ts'

/** What a holder makes of an issued SD-JWT for one verifier. */
export interface PresentSdJwtOptions {
  /**
   * Paths to disclose, `null` for every element of an array; what lies above them is disclosed as
   * needed, what lies below only where it is named as well.
   */
  readonly disclose: readonly ClaimsPath[]
  /** To whom it is made and with which key; `'none'` for an SD-JWT that is bound to nobody. */
  readonly keyBinding: (KeyBindingInput & { readonly signer: Signer }) | 'none'
}

/**
 * Presents an issued SD-JWT: the disclosures chosen and those they need, in the issuer's order, and
 * the key binding JWT over exactly that.
 *
 * @throws AsobaError `credential.malformed` where it is no SD-JWT as an issuer hands it out
 * @throws TypeError where a path names nothing in it
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.2
 */
export async function presentSdJwt(sdJwt: string, options: PresentSdJwtOptions): Promise<string> {
  return presentOpened(openIssued(sdJwt), options)
}

/** The same where it is open already. */
export async function presentOpened(
  opened: OpenedSdJwt,
  { disclose, keyBinding }: PresentSdJwtOptions,
): Promise<string> {
  const presented = selectDisclosures(opened, disclose)
  if (keyBinding === 'none') return presented
  return `${presented}${await signKeyBinding(presented, opened.hash, keyBinding, keyBinding.signer)}`
}

/**
 * Opens what an issuer hands to a holder.
 *
 * @throws AsobaError `credential.malformed`; also for an SD-JWT+KB (7.2: a holder refuses it)
 */
export function openIssued(wire: unknown): OpenedSdJwt {
  const opened = openSdJwt(wire)
  if (!opened.verified) {
    throw new AsobaError('credential.malformed', 'it is no SD-JWT, or its disclosures do not fit')
  }
  if (opened.keyBinding !== undefined) {
    throw new AsobaError('credential.malformed', 'a presentation is not a credential to hold')
  }
  return opened
}

/** `<JWT>~<disclosure>~…~` with the chosen disclosures and those that they lie in. */
export function selectDisclosures(
  { jwt, claims, disclosed, byDigest }: OpenedSdJwt,
  paths: readonly ClaimsPath[],
): string {
  const chosen = new Set<Disclosure>()
  for (const path of paths) {
    if (resolvePath(claims, path).length === 0) {
      throw new TypeError('a path to disclose names no claim')
    }
    // 7.2 step 2: every disclosure on the way is needed to find the next.
    for (const { path: place, disclosure } of disclosed) {
      if (leadsTo(place, path)) chosen.add(disclosure)
    }
  }
  // The issuer's order: the order of the choice would tell something of the holder.
  let presented = `${jwt}~`
  for (const disclosure of byDigest.values()) {
    if (chosen.has(disclosure)) presented += `${disclosure.encoded}~`
  }
  return presented
}

/** Whether a place lies on the path or at its end. */
function leadsTo(place: readonly (string | number)[], path: ClaimsPath): boolean {
  return (
    place.length <= path.length &&
    place.every((part, at) => part === path[at] || (path[at] === null && typeof part === 'number'))
  )
}
