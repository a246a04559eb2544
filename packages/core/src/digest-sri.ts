import { type DigestAlgorithm, fromBase64url } from '#platform'

/** A digest that something must have. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  readonly bytes: Uint8Array
}

/** Bytes of each digest. */
export const digestLengths: Readonly<Record<DigestAlgorithm, number>> = {
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

const spaces = /[ \t]+/

/**
 * The digests of a `digestSRI` or other integrity metadata, of the strongest algorithm
 * alone: any of them may match. `undefined` where it is malformed or names no known
 * algorithm.
 *
 * @see https://www.w3.org/TR/SRI/#parse-metadata
 */
export function parseDigestSri(text: unknown): readonly ExpectedDigest[] | undefined {
  if (typeof text !== 'string' || text.length > 1024) return undefined
  const digests: ExpectedDigest[] = []
  // One digest, as nearly always, needs no search for the next.
  for (const part of spaces.test(text) ? text.split(spaces) : [text]) {
    const found = /^sha(256|384|512)-([\w+/-]+)={0,2}(?:\?[\x21-\x7e]*)?$/.exec(part)
    const [, size, encoded = ''] = found ?? []
    const bytes = fromBase64url(encoded.replaceAll('+', '-').replaceAll('/', '_'))
    const algorithm = `SHA-${size}` as DigestAlgorithm
    if (found === null || bytes?.length !== digestLengths[algorithm]) return undefined
    digests.push({ algorithm, bytes })
  }
  if (digests.length === 1) return digests
  const strongest = Math.max(...digests.map(({ bytes }) => bytes.length))
  return digests.filter(({ bytes }) => bytes.length === strongest)
}
