/**
 * Token Status List and Bitstring Status List: issue, publish, check.
 *
 * @module
 */
export {}
