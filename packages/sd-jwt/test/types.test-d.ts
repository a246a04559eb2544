import type { JsonObject, Jwk, Problem, Signer, VerificationContext, Verified } from '@asoba/core'
import {
  issuerMetadata,
  issueSdJwt,
  presentSdJwt,
  sdJwtVc,
  type VerifySdJwtOptions,
  verifySdJwt,
} from '@asoba/sd-jwt'

// Compiled, never run: what must not be forgotten or assumed does not compile.
declare const signer: Signer
declare const claims: JsonObject
declare const whole: VerifySdJwtOptions
declare const context: VerificationContext

// --- Nobody verifies without having said about key binding.
void verifySdJwt('wire', whole)
const { keyBinding: _k, ...withoutBinding } = whole
// @ts-expect-error with or without key binding?
void verifySdJwt('wire', withoutBinding)
// @ts-expect-error a verifier that wants none says for whom and what then
void verifySdJwt('wire', { ...whole, keyBinding: 'none' })
const bound = { audience: 'https://a.example', nonce: 'n', maxProofAge: 300 }
void verifySdJwt('wire', { ...whole, keyBinding: { ...bound, withoutKey: 'refused' } })
// @ts-expect-error what of a credential that names no key?
void verifySdJwt('wire', { ...whole, keyBinding: bound })
const { nonce: _n, ...withoutNonce } = bound
// @ts-expect-error an answer to what?
void verifySdJwt('wire', { ...whole, keyBinding: { ...withoutNonce, withoutKey: 'refused' } })
const { audience: _a, ...withoutAudience } = bound
// @ts-expect-error for whom?
void verifySdJwt('wire', { ...whole, keyBinding: { ...withoutAudience, withoutKey: 'refused' } })
const { maxProofAge: _m, ...withoutAge } = bound
// @ts-expect-error how old may it be?
void verifySdJwt('wire', { ...whole, keyBinding: { ...withoutAge, withoutKey: 'refused' } })
const { findKeys: _f, ...withoutKeys } = whole
// @ts-expect-error keys never come from the token
void verifySdJwt('wire', withoutKeys)
const { typ: _t, ...withoutType } = whole
// @ts-expect-error a token of another type is something else
void verifySdJwt('wire', withoutType)
const { now: _w, ...withoutTime } = whole
// @ts-expect-error when?
void verifySdJwt('wire', withoutTime)

const judged = await verifySdJwt('wire', whole)
if (judged.verified) {
  const read: JsonObject = judged.claims
  void read
  // @ts-expect-error there is nothing wrong with it
  void judged.problems
} else {
  const [first]: readonly [Problem, ...Problem[]] = judged.problems
  void first
  // @ts-expect-error what was refused has no claims
  void judged.claims
}

// --- A holder says what is shown, to whom, or that it is bound to nobody.
const to = { audience: 'https://a.example', nonce: 'n', issuedAt: new Date(), signer }
void presentSdJwt('sd-jwt', { disclose: [['citizen']], keyBinding: to })
void presentSdJwt('sd-jwt', { disclose: [], keyBinding: 'none' })
// @ts-expect-error what is shown?
void presentSdJwt('sd-jwt', { keyBinding: to })
// @ts-expect-error to whom, or to nobody?
void presentSdJwt('sd-jwt', { disclose: [] })
const { nonce: _o, ...stale } = to
// @ts-expect-error without a nonce it could be shown again
void presentSdJwt('sd-jwt', { disclose: [], keyBinding: stale })

// --- An issuer says what can be withheld, and what type of token it is.
void issueSdJwt(claims, { signer, typ: 'dc+sd-jwt', disclosable: [['citizen']] })
// @ts-expect-error what can be withheld?
void issueSdJwt(claims, { signer, typ: 'dc+sd-jwt' })
// @ts-expect-error a token without type is taken for something else one day
void issueSdJwt(claims, { signer, disclosable: [] })

// --- The network comes from outside, and what it says may be refused.
// @ts-expect-error there is no network of our own
issuerMetadata({})
const found: Promise<Verified<{ readonly keys: readonly Jwk[] }>> = issuerMetadata({ fetch })(
  'https://registry.example',
  {},
)
void found

// --- The format is one for every role, and its id is what it is.
const id: 'dc+sd-jwt' = sdJwtVc().id
void [id, sdJwtVc({ signer }), sdJwtVc().verify('wire', context)]
// @ts-expect-error a verifier fixes more than an audience
void sdJwtVc().verify('wire', { audience: 'https://a.example' })
