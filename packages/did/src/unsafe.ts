/**
 * Weakenings, each a symbol, so that none can arrive from parsed JSON and every
 * use is found by its name.
 *
 * @module
 */

/**
 * Option key that lets a fetching function use plain `http:` to a loopback host
 * (`localhost`, `127.0.0.1`, `[::1]`): for demos and tests on one machine. Never
 * for anything else: over plain http anyone on the way writes the answer.
 */
export const allowInsecureLoopback: unique symbol = Symbol('asoba: allow insecure loopback')
