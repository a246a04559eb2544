/**
 * Contracts of the stores in this package, to be run against any implementation with the test
 * runner that its project has.
 *
 * @module
 */

export { offerStoreContract } from './issuance/store-contract.ts'
export { responseStoreContract } from './presentation/store-contract.ts'
