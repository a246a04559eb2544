/**
 * X.509 chains for `x5c`: small and strict, nothing fetched.
 *
 * @module
 */

export { type Certificate, readCertificate } from './x509/certificate.ts'
export { type ChainInput, verifyChain } from './x509/chain.ts'
export { authorityKeyIds, subjectKeyId } from './x509/key-ids.ts'
export { leafSubjects, type X509KeysOptions, x509Keys } from './x509/keys.ts'
