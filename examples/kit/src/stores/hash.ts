import { createHash } from 'node:crypto'

/** What is stored of an identifier: whoever reads the database cannot use it. */
export function hashed(kind: string, id: string): Uint8Array {
  return createHash('sha256').update(`asoba/store/${kind}|${id}`).digest()
}
