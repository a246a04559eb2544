/**
 * JWS, vc+jwt and vp+jwt (VC-JOSE-COSE), X.509 chains for x5c.
 *
 * @module
 */

export type { CredentialContext, JudgedCredential, VerifiedPresentation } from '@asoba/core/judge'
export { prepareHolderKey } from '@asoba/did'
export { envelopeCredential, envelopePresentation, tokenInEnvelope } from './envelope.ts'
export { type VcJwtOptions, vcJwt } from './format.ts'
export { type JwsHeader, type ParsedJws, parseJws } from './parse-jws.ts'
export { signCredential } from './sign-credential.ts'
export { signJws } from './sign-jws.ts'
export { type PresentationAddress, presentationOf, signPresentation } from './sign-presentation.ts'
export { verifyCredential } from './verify-credential.ts'
export { type VerifyJwsOptions, verifyJwsWith } from './verify-jws.ts'
export { type PresentationVerification, verifyPresentation } from './verify-presentation.ts'
