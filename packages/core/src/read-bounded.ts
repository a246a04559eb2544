import { concatBytes } from './bytes.ts'

/**
 * All bytes of a stream, none where there is no stream; `undefined`, and the stream cancelled, where
 * they are more than `maxBytes`.
 *
 * @throws what the stream throws
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (part === undefined || part.done) return concatBytes(...parts)
    length += part.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      return undefined
    }
    parts.push(part.value)
  }
}
