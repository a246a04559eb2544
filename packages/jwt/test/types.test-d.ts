import type { JsonObject, Jwk, Problem, Signer, VerificationContext } from '@asoba/core'
import {
  type JudgedCredential,
  type ParsedJws,
  type PresentationVerification,
  parseJws,
  signJws,
  signPresentation,
  vcJwt,
  verifyCredential,
  verifyJwsWith,
  verifyPresentation,
} from '@asoba/jwt'
import { verifyChain, x509Keys } from '@asoba/jwt/x509'

// Compiled, never run: what must not be forgotten or assumed does not compile.
declare const signer: Signer
declare const document: JsonObject
declare const whole: PresentationVerification
declare const context: VerificationContext
declare const keys: readonly Jwk[]

// --- A presentation is judged for an audience, a nonce, a time, and by a policy.
void verifyPresentation('wire', whole)
const { audience: _a, ...withoutAudience } = whole
// @ts-expect-error for whom?
void verifyPresentation('wire', withoutAudience)
const { nonce: _n, ...withoutNonce } = whole
// @ts-expect-error an answer to what?
void verifyPresentation('wire', withoutNonce)
const { maxProofAge: _m, ...withoutAge } = whole
// @ts-expect-error how old may it be?
void verifyPresentation('wire', withoutAge)
const { holderBinding: _h, ...withoutBinding } = whole
// @ts-expect-error whether a bearer will do must be said
void verifyPresentation('wire', withoutBinding)
const { findHolderKey: _f, ...withoutHolderKey } = whole
// @ts-expect-error whose key is it?
void verifyPresentation('wire', withoutHolderKey)

// --- A credential is judged by an issuer that is trusted, at a time.
const { findIssuer: _i, ...withoutTrust } = whole
// @ts-expect-error whom do we trust?
void verifyCredential('wire', withoutTrust)
const { now: _t, ...withoutTime } = whole
// @ts-expect-error when?
void verifyCredential('wire', withoutTime)
const judged = await verifyCredential('wire', whole)
if (judged.verified) {
  const credential: JudgedCredential = judged
  void credential
  // @ts-expect-error there is nothing wrong with it
  void judged.problems
} else {
  const [first]: readonly [Problem, ...Problem[]] = judged.problems
  void first
  // @ts-expect-error a refused credential has no claims
  void judged.credential
}

// --- Holders sign for somebody, with something fresh.
void signPresentation(
  document,
  { audience: 'https://a.example', nonce: 'n', now: new Date() },
  signer,
)
// @ts-expect-error without a nonce it could be shown again
void signPresentation(document, { audience: 'https://a.example', now: new Date() }, signer)
// @ts-expect-error a date is a Date
void signPresentation(document, { audience: 'https://a.example', nonce: 'n', now: 1 }, signer)

// --- A JWS says nothing before it was taken apart, and no key comes from it.
void signJws({ typ: 'x+jwt' }, document, signer)
// @ts-expect-error a text is not a payload
void signJws({ typ: 'x+jwt' }, 'text', signer)
const parsed = parseJws('a.b.c')
// @ts-expect-error it may be none
void parsed.header
if (parsed.verified) {
  const jws: ParsedJws = parsed
  void verifyJwsWith(jws, keys)
  // @ts-expect-error by which keys?
  void verifyJwsWith(jws)
  // @ts-expect-error what others sent is not written to
  jws.header.kid = 'mine'
}

// --- A chain leads to anchors, at a time.
void verifyChain({ chain: [], anchors: [], at: new Date() })
// @ts-expect-error to which anchors?
void verifyChain({ chain: [], at: new Date() })
// @ts-expect-error at which time?
void verifyChain({ chain: [], anchors: [] })
// @ts-expect-error an entry of the policy says which issuer it must be
void x509Keys()(
  { issuer: 'did:web:a.example', types: [], algorithm: 'ES256', purpose: 'credential' },
  new Date(),
)

// --- The format is one for every role, and its id is what it is.
const id: 'vc+jwt' = vcJwt().id
void [id, vcJwt({ signer }), vcJwt().verify('wire', context)]
// @ts-expect-error a verifier fixes more than an audience
void vcJwt().verify('wire', { audience: 'https://a.example' })
