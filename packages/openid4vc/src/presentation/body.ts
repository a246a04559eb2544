import { concatBytes, fromUtf8 } from '@asoba/core'

/**
 * The text of a body, if it is UTF-8 and not longer than allowed, whatever was announced; reading
 * stops there. Never throws.
 */
export async function textOf(
  body: { readonly body: ReadableStream<Uint8Array> | null },
  maxBytes: number,
): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    const reader = body.body?.getReader()
    for (;;) {
      const part = await reader?.read()
      if (part === undefined || part.done) break
      length += part.value.length
      if (length > maxBytes) {
        await reader?.cancel()
        return undefined
      }
      parts.push(part.value)
    }
  } catch {
    return undefined
  }
  return fromUtf8(concatBytes(...parts))
}

/**
 * Parameters of a form or a query, each named once (RFC 6749 section 3.1); `undefined` where one
 * is there twice.
 */
export function parametersOf(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (found.has(name)) return undefined
    found.set(name, value)
  }
  return found
}
