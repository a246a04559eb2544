/**
 * Cryptosuite bbs-2023 for documents of any kind: what `addProof`, `deriveProof` and `verifyProof` of
 * `@asoba/data-integrity` need. Credentials of a nation have a format of their own in `@asoba/bbs`.
 *
 * @module
 */

export { type Bbs2023CryptosuiteOptions, bbs2023Cryptosuite } from './suite/cryptosuite.ts'
export { type AnonymousHolder, commitToSecret } from './suite/holder.ts'
