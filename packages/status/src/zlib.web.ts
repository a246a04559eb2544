import { readBounded } from '@asoba/core'

/** The two wrappings of DEFLATE that status lists use: zlib (`deflate`) and gzip. */
export type Compression = 'deflate' | 'gzip'

/** Compresses. In Node it is there at once; `await` serves both. */
export function compress(format: Compression, bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return collect(
    bytes,
    new CompressionStream(format),
    Number.POSITIVE_INFINITY,
  ) as Promise<Uint8Array>
}

/**
 * Decompresses to at most `maxBytes`; `undefined` where it is more, or no such
 * stream, or something follows it. Never throws.
 */
export function decompress(
  format: Compression,
  bytes: Uint8Array,
  maxBytes: number,
): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  return collect(bytes, new DecompressionStream(format), maxBytes)
}

function collect(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const found = new Blob([bytes as BlobPart]).stream().pipeThrough(stream)
  return readBounded(found, maxBytes).catch(() => undefined)
}
