import { hash } from 'node:crypto'
import type { HashName } from './hash.web.ts'

const names = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const

export function hashText(algorithm: HashName, text: string): string {
  return hash(names[algorithm], text, 'base64url')
}

export function hashBytes(algorithm: HashName, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash(names[algorithm], bytes, 'buffer'))
}

export const digestText: (algorithm: HashName, text: string) => string = hashText

export function encodeText(text: string): string {
  return Buffer.from(text).toString('base64url')
}
