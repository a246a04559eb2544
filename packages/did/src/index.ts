/**
 * DIDs: key, jwk, web and webvh; keys as JWK and Multikey; resolution.
 *
 * @module
 */
export {}
