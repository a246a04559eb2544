/**
 * VC data model 1.1 as JWT (`jwt_vc_json`): reading, and issuing for whoever still needs it.
 *
 * @module
 */

export { type JwtVcV1Options, jwtVcV1 } from './v1/format.ts'
export { signCredentialV1, signPresentationV1 } from './v1/sign.ts'
export { verifyCredentialV1, verifyPresentationV1 } from './v1/verify.ts'
