/**
 * JWS, vc+jwt and vp+jwt (VC-JOSE-COSE), X.509 chains for x5c.
 *
 * @module
 */

export { type JwsHeader, type ParsedJws, parseJws } from './parse-jws.ts'
export { signJws } from './sign-jws.ts'
export { type VerifyJwsOptions, verifyJwsWith } from './verify-jws.ts'
