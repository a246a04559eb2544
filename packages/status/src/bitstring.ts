/**
 * Bitstring Status List 1.0: issue and read.
 *
 * @module
 */

export { bitstringAt, putBitstring } from './bits.ts'
export {
  type BitstringStatusList,
  type BitstringStatusListOptions,
  bitstringStatusList,
  encodeBitstring,
  type SecureListCredential,
  vcJwtListSigner,
} from './bitstring-issue.ts'
export {
  type BitstringStatusOptions,
  bitstringStatus,
  decodeBitstring,
  jwtVcList,
  type VerifyListCredential,
  vcJwtList,
} from './bitstring-verify.ts'
