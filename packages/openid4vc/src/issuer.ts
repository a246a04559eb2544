/**
 * The issuer's side of OpenID4VCI 1.0.
 *
 * @module
 */

export { memoryOffers, type OfferStore } from './issuance/stores.ts'
export type * from './issuance/types.ts'
