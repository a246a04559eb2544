import { fromBase64url, isJsonObject, parseJson } from '@asoba/core'

const compact = /^[\w-]{1,65536}\.[\w-]+\.[\w-]+$/

/** `typ` of a compact JWS, `undefined` where it is none; reads no more than the header. */
export function typeOf(token: string): string | undefined {
  const header = compact.test(token) && fromBase64url(token.slice(0, token.indexOf('.')))
  const parsed = header ? parseJson(header) : undefined
  if (!isJsonObject(parsed)) return undefined
  const { typ } = parsed
  // RFC 7515 4.1.9: no case, `application/` may be left out; VC 1.1 may leave out all of it.
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}
