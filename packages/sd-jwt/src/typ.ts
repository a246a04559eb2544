import { isJsonObject, parseJson, textOfBase64url } from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'

/** `typ` of a compact SD-JWT, `undefined` where it is none; reads no more than the header. */
export function typOf(wire: unknown): string | undefined {
  if (typeof wire !== 'string' || !wire.includes('~')) return undefined
  const end = wire.indexOf('.')
  const header = end > 0 && end <= 65_536 ? textOfBase64url(wire.slice(0, end)) : undefined
  const parsed = parseJson(header ?? '')
  const typ = isJsonObject(parsed) ? parsed['typ'] : undefined
  return typeof typ === 'string' ? mediaTypeOf(typ) : undefined
}
