/**
 * The issuer role: evidence in, one-time credentials out; holds no register of persons.
 *
 * @module
 */
export {}
