import type { BbsSigner, JsonObject, Signer } from '@asoba/core'
import {
  addProof,
  type Cryptosuite,
  createJsonLd,
  ecdsaSd2023,
  eddsaJcs2022,
  type FindProofKey,
  ldpVc,
  type RdfProcessor,
  verifyCredential,
  verifyProof,
} from '../src/index.ts'

declare const document: JsonObject
declare const signer: Signer
declare const bbsSigner: BbsSigner
declare const processor: RdfProcessor
declare const findKey: FindProofKey
declare const bbs2023: Cryptosuite<'bbs-2023', BbsSigner>

// A suite over statements cannot be made without what reads JSON-LD.
ecdsaSd2023(createJsonLd()) satisfies Cryptosuite<'ecdsa-sd-2023', Signer>
// @ts-expect-error: no processor
ecdsaSd2023()

// Signers and suites of different kinds do not meet.
const proofPurpose = 'assertionMethod'
addProof(document, { suite: eddsaJcs2022(), signer, proofPurpose }) satisfies Promise<JsonObject>
addProof(document, {
  suite: bbs2023,
  signer: bbsSigner,
  proofPurpose,
}) satisfies Promise<JsonObject>
// @ts-expect-error: BBS is not signed by such a key
addProof(document, { suite: bbs2023, signer, proofPurpose })
// @ts-expect-error: nor the other way round
addProof(document, { suite: eddsaJcs2022(), signer: bbsSigner, proofPurpose })
// @ts-expect-error: what a proof is for is said
addProof(document, { suite: eddsaJcs2022(), signer })

// Nothing that a proof is judged by can be forgotten; «whatever» must be written down.
const judged = {
  suites: [eddsaJcs2022()],
  proofPurpose,
  domain: undefined,
  challenge: undefined,
  now: new Date(),
  clockTolerance: 60,
  findKey,
} as const
verifyProof(document, judged) satisfies Promise<{ readonly verified: boolean }>
const { domain, ...noDomain } = judged
// @ts-expect-error: for whom
verifyProof(document, noDomain)
const { challenge, ...noChallenge } = judged
// @ts-expect-error: what it answers
verifyProof(document, noChallenge)
const { findKey: _, ...noKeys } = judged
// @ts-expect-error: whose keys
verifyProof(document, noKeys)
const { now, ...noClock } = judged
// @ts-expect-error: what time it is
verifyProof(document, noClock)
const { suites, ...noSuites } = judged
// @ts-expect-error: which suites
verifyProof(document, noSuites)
// @ts-expect-error: who is trusted
verifyCredential(document, judged)

// There is a document on the verified arm alone.
const result = await verifyProof(document, judged)
if (result.verified) result.document satisfies JsonObject
// @ts-expect-error: perhaps refused
result.document

ldpVc({ suite: eddsaJcs2022() }).id satisfies `ldp_vc/${string}`
// @ts-expect-error: a format is of a suite
ldpVc({})

void [processor, domain, challenge, now, suites]
