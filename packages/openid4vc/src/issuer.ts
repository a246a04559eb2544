/**
 * The issuer's side of OpenID4VCI 1.0.
 *
 * @module
 */

export { x509Attesters } from './issuance/attestation.ts'
export { createIssuerServer } from './issuance/server.ts'
export { memoryOffers, type OfferStore } from './issuance/stores.ts'
export type * from './issuance/types.ts'
