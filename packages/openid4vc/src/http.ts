import { fromUtf8, isJsonObject, type Json, type JsonObject, readBounded } from '@asoba/core'

/**
 * The text of a body, if it is UTF-8 and not longer than allowed, whatever was announced; reading
 * stops there. Never throws.
 */
export async function textOf(
  message: { readonly body: ReadableStream<Uint8Array> | null },
  maxBytes: number,
): Promise<string | undefined> {
  try {
    const bytes = await readBounded(message.body, maxBytes)
    return bytes && fromUtf8(bytes)
  } catch {
    return undefined
  }
}

/** Media type without its parameters, in small letters. */
export function mediaTypeOf(message: { readonly headers: Headers }): string {
  const [type = ''] = (message.headers.get('content-type') ?? '').split(';')
  return type.trim().toLowerCase()
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

/** An answer to a wallet, with the headers that all have. */
export function answer(
  status: number,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // Wallets in browsers ask from other origins; no cookie is looked at.
      'access-control-allow-origin': '*',
      ...headers,
    },
  })
}

/**
 * An object in which members that are `null` are left out, at every depth: many libraries write so
 * what they have not. What stands in an array stays, for `null` in a claims path says something.
 */
export function withoutNulls(value: JsonObject): JsonObject {
  const each = (one: Json): Json => {
    if (Array.isArray(one)) return (one as readonly Json[]).map(each)
    return isJsonObject(one) ? withoutNulls(one) : one
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, each(one)]])),
  )
}
