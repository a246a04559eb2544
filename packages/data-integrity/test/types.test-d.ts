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
import { readSent } from '../src/sent-document.ts'

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
void (addProof(document, {
  suite: eddsaJcs2022(),
  signer,
  proofPurpose,
}) satisfies Promise<JsonObject>)
void (addProof(document, {
  suite: bbs2023,
  signer: bbsSigner,
  proofPurpose,
}) satisfies Promise<JsonObject>)
// @ts-expect-error: BBS is not signed by such a key
void addProof(document, { suite: bbs2023, signer, proofPurpose })
// @ts-expect-error: nor the other way round
void addProof(document, { suite: eddsaJcs2022(), signer: bbsSigner, proofPurpose })
// @ts-expect-error: what a proof is for is said
void addProof(document, { suite: eddsaJcs2022(), signer })
// What may be hidden is named, and only what everybody expects to see has to be.
const shown = { suite: bbs2023, signer: bbsSigner, proofPurpose }
void (addProof(document, { ...shown, hideable: ['validUntil'] }) satisfies Promise<JsonObject>)
// @ts-expect-error: claims are hidden without saying so
void addProof(document, { ...shown, hideable: ['credentialSubject'] })

// Nothing that a proof is judged by can be forgotten; «whatever» must be written down.
const judged = {
  kind: 'document',
  suites: [eddsaJcs2022()],
  proofPurpose,
  domain: undefined,
  challenge: undefined,
  now: new Date(),
  clockTolerance: 60,
  findKey,
} as const
void (verifyProof(document, judged) satisfies Promise<{ readonly verified: boolean }>)
const { domain, ...noDomain } = judged
// @ts-expect-error: for whom
void verifyProof(document, noDomain)
const { challenge, ...noChallenge } = judged
// @ts-expect-error: what it answers
void verifyProof(document, noChallenge)
const { findKey: _, ...noKeys } = judged
// @ts-expect-error: whose keys
void verifyProof(document, noKeys)
const { now, ...noClock } = judged
// @ts-expect-error: what time it is
void verifyProof(document, noClock)
const { suites, ...noSuites } = judged
// @ts-expect-error: which suites
void verifyProof(document, noSuites)
const { kind, ...noKind } = judged
// @ts-expect-error: what it is read as
void verifyProof(document, noKind)
// @ts-expect-error: who is trusted
void verifyCredential(document, judged)

// There is a document on the verified arm alone.
const result = await verifyProof(document, judged)
if (result.verified) result.document satisfies JsonObject
// @ts-expect-error: perhaps refused
result.document

ldpVc({ suite: eddsaJcs2022() }).id satisfies `ldp_vc/${string}`
// @ts-expect-error: a format is of a suite
ldpVc({})

// What somebody sent has nothing to read but its contexts: all else is what a suite makes of it.
const sent = readSent(document, 'credential')
if (sent.verified) {
  void sent.contexts
  // @ts-expect-error: the JSON that was sent
  void sent.document
  const [proof] = sent.proofs
  // @ts-expect-error: nor its options
  void proof?.verificationMethod
  const opened = await proof?.open(eddsaJcs2022())
  if (opened?.verified) opened.document satisfies JsonObject
}

void [processor, domain, challenge, now, suites, kind]
