/**
 * X.509 chains for `x5c`: as they are deployed, nothing fetched.
 *
 * @module
 */

export { type Anchor, type Certificate, readAnchor, readCertificate } from './x509/certificate.ts'
export { type CertifiedKey, type ChainInput, verifyChain } from './x509/chain.ts'
export type { DistinguishedName } from './x509/distinguished-name.ts'
export type { GeneralName } from './x509/general-name.ts'
export { authorityKeyIds, subjectKeyId } from './x509/key-ids.ts'
export { leafSubjects, type X509KeysOptions, x509Keys } from './x509/keys.ts'
export type { NameConstraints } from './x509/name-constraints.ts'
export { type CertificateNames, readNames } from './x509/names.ts'
export type { CertificateSignature } from './x509/signature-algorithm.ts'
