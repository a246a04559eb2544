import { hash } from 'node:crypto'
import { checkBase64url } from './base64url-syntax.ts'
import type { DigestAlgorithm } from './platform.web.ts'

const names = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const

// WebCrypto hops to a thread for every call; node:crypto answers at once.
export function digest(algorithm: DigestAlgorithm, data: Uint8Array): Uint8Array {
  return new Uint8Array(hash(names[algorithm], data, 'buffer'))
}

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

export function fromBase64url(text: string): Uint8Array | undefined {
  return checkBase64url(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : undefined
}
