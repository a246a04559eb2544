/**
 * Credential types: citizenship, residency, profession, tax receipt.
 *
 * @module
 */
export {}
