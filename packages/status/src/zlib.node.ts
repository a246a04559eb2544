import { constants, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import type { Compression } from './zlib.web.ts'

// A stream of the Web platform hops through the event loop for every chunk; node:zlib answers at
// once. The draft recommends the highest level, 9; a status list holds runs of one byte and little
// else, which run-length matching finds within a tenth of that size, a hundred times as fast, and in
// fewer bytes than the default level.
export function compress(format: Compression, bytes: Uint8Array): Uint8Array {
  return plain(
    (format === 'gzip' ? gzipSync : deflateSync)(bytes, {
      level: 9,
      strategy: bytes.length > 4096 ? constants.Z_RLE : constants.Z_DEFAULT_STRATEGY,
    }),
  )
}

export function decompress(
  format: Compression,
  bytes: Uint8Array,
  maxBytes: number,
): Uint8Array | undefined {
  try {
    // One chunk for most lists, and hardly one larger than what is allowed: collecting many small
    // ones takes longer than inflating, and so does copying what lies in Node's pool.
    const options = {
      chunkSize: Math.max(Buffer.poolSize >> 1, Math.min(maxBytes + 1, bytes.length * 10)),
      maxOutputLength: Math.max(1, maxBytes),
      info: true,
    } as const
    const { buffer, engine } = (format === 'gzip' ? gunzipSync : inflateSync)(
      bytes,
      options,
    ) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
    // node:zlib passes over what follows the stream; the Web platform does not, and neither do we.
    if (engine.bytesWritten !== bytes.length || buffer.length > maxBytes) return undefined
    // A second gzip member would be appended: the length in the trailer is then of that one only.
    if (format === 'gzip' && lengthInTrailer(bytes) !== buffer.length) return undefined
    return plain(buffer)
  } catch {
    return undefined
  }
}

function lengthInTrailer(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(
    bytes.length - 4,
    true,
  )
}

function plain(buffer: Buffer): Uint8Array {
  // What fills little of its memory, be it a chunk or the pool, does not keep the rest alive.
  return buffer.length < buffer.buffer.byteLength / 2
    ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
