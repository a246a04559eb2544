import { fromBase64url, isJsonObject, parseJson } from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'

const compact = /^[\w-]{1,65536}\.[\w-]+\.[\w-]+$/

/** `typ` of a compact JWS, `undefined` where it is none; reads no more than the header. */
export function typeOf(token: string): string | undefined {
  const header = compact.test(token) && fromBase64url(token.slice(0, token.indexOf('.')))
  const parsed = header ? parseJson(header) : undefined
  if (!isJsonObject(parsed)) return undefined
  const { typ } = parsed
  // VC 1.1 may leave it out.
  return (typeof typ === 'string' ? mediaTypeOf(typ) : undefined) ?? ''
}
