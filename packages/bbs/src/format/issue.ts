import {
  AsobaError,
  type BbsSigner,
  type HolderProof,
  type JsonObject,
  type SecureInput,
} from '@asoba/core'
import { createScalar } from '../scheme.ts'
import { drawFixedLabels } from '../shape/labels.ts'
import { fixedCredential, mandatoryPointers } from '../shape/specimen.ts'
import { signBase } from '../suite/sign-base.ts'
import type { Settings } from './profiles.ts'

/**
 * The issuer's share of the last nym, a scalar of 32 bytes: random, or from the tag of the person
 * where the same nyms are to be issued again.
 */
export type Entropy =
  | 'random'
  | ((input: { readonly commitmentWithProof: Uint8Array }) => Promise<Uint8Array>)

/**
 * A credential of fixed shape with a base proof.
 *
 * @throws AsobaError `issuer.claims-invalid`, `bbs.commitment-invalid`, `jsonld.*`
 * @throws TypeError where the type is not of the profile, the dates are not the bounds of an epoch,
 * there is a status entry, or the holder gave no commitment
 * @see spec/bbs-profile.md sections 4 and 6
 */
export async function secureCredential(
  settings: Settings,
  input: SecureInput,
  by: { readonly holder: HolderProof; readonly signer: BbsSigner; readonly entropy: Entropy },
): Promise<JsonObject> {
  const { holder, signer, entropy } = by
  const { issuer, claims, validFrom, validUntil } = input
  const { nyms, feature, processor, epochDays } = settings
  const type = settings.typeOf([...input.type.types])
  if (type === undefined) throw new TypeError('the format was not given this type')
  if (holder.kind !== 'bbs-commitment') throw new TypeError('BBS binds to a commitment')
  if (input.status !== undefined) throw new TypeError('a BBS credential has no status entry')
  const epoch = epochDays * 86_400_000
  if (validFrom.getTime() % epoch !== 0 || validUntil.getTime() - validFrom.getTime() !== epoch) {
    throw new TypeError(`validFrom and validUntil are the bounds of an epoch of ${epochDays} days`)
  }
  if (issuer.startsWith('did:') && !signer.verificationMethod.startsWith(`${issuer}#`)) {
    throw new TypeError('the signer is not one of the issuer')
  }
  const { commitmentWithProof } = holder
  if (commitmentWithProof.length !== 112 + 32 * Math.max(nyms, 1)) {
    throw new AsobaError('bbs.commitment-invalid', 'the commitment is of another profile')
  }
  const document = fixedCredential({ type, issuer, validFrom, validUntil, claims })
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'bbs-2023',
    verificationMethod: signer.verificationMethod,
    proofPurpose: 'assertionMethod',
  }
  const share =
    nyms === 0
      ? undefined
      : entropy === 'random'
        ? createScalar()
        : await entropy({ commitmentWithProof })
  const proofValue = await signBase(
    processor,
    {
      document,
      proof,
      mandatoryPointers,
      hmacKey: await drawFixedLabels(processor, document),
      publicKey: signer.publicKey,
      feature,
      ...(share && { entropy: share }),
    },
    (data) => signer.sign({ ...data, commitmentWithProof, nyms, ...(share && { entropy: share }) }),
  )
  return { ...document, proof: { ...proof, proofValue } }
}
