import { isJsonObject, type JsonObject, parseJson, textOfBase64url } from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'

/**
 * What a compact SD-JWT is, by its `typ` as {@link namedBy} reads it; `undefined` where it is none.
 * Reads no more than the header, and the payload where the name has two meanings.
 */
export function typOf(wire: unknown): string | undefined {
  if (typeof wire !== 'string' || wire.length > 1_048_576 || !wire.includes('~')) return undefined
  const [header, payload] = wire.split('.', 2)
  const typ = objectIn(header)['typ']
  return typeof typ === 'string' ? namedBy(typ, () => objectIn(payload)) : undefined
}

/**
 * The media type that a `typ` stands for: `vc+sd-jwt` was the first name of `dc+sd-jwt`, which
 * drafts ask verifiers to accept for a time (-13 section 3.2.1), and is one of the data model's now.
 * With `vct` it is an SD-JWT VC, for which that is REQUIRED (-19 section 2.2.2.2), with `@context`
 * one of the data model 2.0 (VC-JOSE-COSE 3.2.1).
 */
export function namedBy(typ: string | undefined, payload: () => JsonObject): string | undefined {
  const name = mediaTypeOf(typ)
  if (name !== 'vc+sd-jwt') return name
  const { vct, '@context': context } = payload()
  return vct !== undefined && context === undefined ? 'dc+sd-jwt' : name
}

function objectIn(part = ''): JsonObject {
  const parsed = parseJson(textOfBase64url(part) ?? '')
  return isJsonObject(parsed) ? parsed : {}
}
