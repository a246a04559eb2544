import { AsobaError, type BbsSigner, type CredentialFormat } from '@asoba/core'
import { isOurs, prepareCommitment, presentCredential, viewOf } from './hold.ts'
import { type Entropy, secureCredential } from './issue.ts'
import { type Bbs2023Profile, partsOf, settingsOf } from './profiles.ts'
import { verifyPresented } from './verify.ts'

/** What {@link bbs2023} is made of. */
export interface Bbs2023Options extends Bbs2023Profile {
  /** Needed to issue; a wallet or a verifier has none. */
  readonly signer?: BbsSigner
  /** The issuer's share of nym secrets; `'random'` when left out. */
  readonly entropy?: Entropy
}

/**
 * BBS credentials of a nation: shown in part, unlinkable between presentations, bound to a secret
 * of the holder, with a pseudonym per scope where the profile has nyms. The profile with nyms is
 * experimental.
 *
 * @throws TypeError where the profile makes no sense
 * @see spec/bbs-profile.md
 */
export function bbs2023(options: Bbs2023Options): CredentialFormat {
  const { signer, entropy = 'random' } = options
  const settings = settingsOf(options)
  const { id } = settings
  return {
    id,
    dcqlFormat: 'ldp_vc',
    countedBy: settings.nyms === 0 ? 'nothing' : 'pseudonym',
    recognises: (wire) => settings.typeOf(partsOf(wire)?.credential['type']) !== undefined,
    async secure(input, holder) {
      if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
      return {
        format: id,
        wire: await secureCredential(settings, input, { holder, signer, entropy }),
      }
    },
    view: ({ wire }) => viewOf(settings, wire),
    prepareHolder: (secrets, { issuer } = {}) => prepareCommitment(settings, secrets, issuer),
    accepts: ({ wire }, retained) => isOurs(settings, wire, retained),
    async present({ wire }, disclose, to, retained) {
      return {
        format: id,
        wire: await presentCredential(settings, wire, { disclose, to, retained }),
      }
    },
    verify: (presented, context) => verifyPresented(settings, presented, context),
  }
}
