/**
 * The verifier role: make a request, check the answer against a policy; stateless.
 *
 * @module
 */
export {}
