/**
 * The verifying half of bbs-2023: what a page that only verifies bundles, without what issues and
 * presents.
 *
 * @module
 */

import type { VerifyingFormat } from '@asoba/core'
import { type Bbs2023Profile, partsOf, settingsOf } from './format/profiles.ts'
import { verifyPresented } from './format/verify.ts'

export type { Bbs2023Profile, BbsCredentialType } from './format/profiles.ts'

/**
 * Verifies BBS credentials of the given types by exactly the given profile.
 *
 * @throws TypeError where the profile makes no sense
 * @see spec/bbs-profile.md
 */
export function bbs2023Verifying(profile: Bbs2023Profile): VerifyingFormat {
  const settings = settingsOf(profile)
  return {
    id: settings.id,
    dcqlFormat: 'ldp_vc',
    countedBy: settings.nyms === 0 ? 'nothing' : 'pseudonym',
    recognises: (wire) => settings.typeOf(partsOf(wire)?.credential['type']) !== undefined,
    verify: (presented, context) => verifyPresented(settings, presented, context),
  }
}
