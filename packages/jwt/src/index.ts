/**
 * JWS, vc+jwt and vp+jwt (VC-JOSE-COSE), X.509 chains for x5c.
 *
 * @module
 */
export {}
