/**
 * The holder role: keep, match, consent, present, erase.
 *
 * @module
 */
export {}
