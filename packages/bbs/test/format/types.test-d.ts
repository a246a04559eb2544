import type { CredentialFormat, JsonObject, VerifyingFormat } from '@asoba/core'
import type { RdfProcessor } from '@asoba/data-integrity'
import { bbs2023Cryptosuite } from '../../src/cryptosuite.ts'
import {
  type BbsCredentialType,
  bbs2023,
  bbsSigner,
  createBbsKey,
  presentationHeader,
} from '../../src/index.ts'
import { bbs2023Verifying } from '../../src/verifying.ts'

declare const types: readonly BbsCredentialType[]
declare const processor: RdfProcessor
declare const presented: JsonObject

// A profile says for which types and with how many nyms; there is no default to be wrong by.
bbs2023({ types, nyms: 16 }) satisfies CredentialFormat
// @ts-expect-error: how many nyms
bbs2023({ types })
// @ts-expect-error: which types
bbs2023({ nyms: 16 })
// @ts-expect-error: nyms are for services or for elections
bbs2023({ types, nyms: 16, scopes: 'both' })
// @ts-expect-error: who verifies has a profile as well
bbs2023Verifying()

// Who only verifies cannot sign, hold or present, and verifies nothing without a context.
const verifying: VerifyingFormat = bbs2023Verifying({ types, nyms: 0 })
// @ts-expect-error: no signer to be given
bbs2023Verifying({ types, nyms: 0, signer: undefined })
// @ts-expect-error: nothing to present with
verifying.present
// @ts-expect-error: for whom, what and when
void verifying.verify(presented)

// Keys and what names them belong together.
// @ts-expect-error: whose key it is
bbsSigner(createBbsKey())

// The presentation header is made of audience, nonce and purpose, none of which can be left out.
void (presentationHeader({
  audience: 'a',
  nonce: 'n',
  purpose: 'present',
}) satisfies Promise<Uint8Array>)
// @ts-expect-error: which request
void presentationHeader({ audience: 'a', purpose: 'present' })
// @ts-expect-error: for whom
void presentationHeader({ nonce: 'n', purpose: 'present' })
// @ts-expect-error: for what
void presentationHeader({ audience: 'a', nonce: 'n' })

// As a cryptosuite: that a proof is bound to nothing must be written down.
bbs2023Cryptosuite(processor, { feature: 'baseline', presentationHeader: undefined })
// @ts-expect-error: bound to what
bbs2023Cryptosuite(processor, { feature: 'baseline' })
// @ts-expect-error: the feature is configured, not guessed
bbs2023Cryptosuite(processor, { presentationHeader: undefined })
// @ts-expect-error: pseudonyms are the format's alone
bbs2023Cryptosuite(processor, { feature: 'pseudonym', presentationHeader: undefined })
// @ts-expect-error: the baseline has no holder
bbs2023Cryptosuite(processor, { feature: 'baseline', presentationHeader: undefined, holder: {} })
