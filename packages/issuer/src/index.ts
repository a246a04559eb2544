/**
 * The issuer role: evidence in, one-time credentials out; holds no register of persons.
 *
 * @module
 */
export {
  createIssuer,
  type EpochValidity,
  type Issuance,
  type IssuedCredential,
  type Issuer,
  type IssuerOptions,
  type IssuerStatus,
} from './create-issuer.ts'
