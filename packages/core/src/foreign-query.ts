import type { CredentialQuery, DcqlQuery, TrustedAuthorityQuery } from './dcql-query.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { boundQuery } from './query-rules.ts'
import { authorityTypes, queryFormats, readQuery } from './read-query.ts'

/** What a credential query of an unknown format is read as; it never leaves this file. */
const standIn = { format: 'mso_mdoc', meta: { doctype_value: 'unknown' } }
const authorityStandIn = { type: 'openid_federation', values: ['https://unknown.invalid'] }

/**
 * A query as a wallet reads it, which somebody else wrote: a `format` or a `type` of
 * `trusted_authorities` that is not known matches nothing, and the rest counts. The `meta` and
 * `claims` of an unknown format are not judged and not in the result. `vc+sd-jwt` with `vct_values`,
 * the older name of an SD-JWT VC, is read as `dc+sd-jwt`.
 *
 * @param read judges what is known; `readQuery` when left out
 * @throws AsobaError `query.invalid`, with the place in the query
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6.1.1
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6.4.2
 */
export function readForeignQuery(
  query: unknown,
  read: (query: unknown) => DcqlQuery = readQuery,
): DcqlQuery {
  boundQuery(query)
  const asked = isJsonObject(query) ? query['credentials'] : undefined
  if (!isJsonObject(query) || !Array.isArray(asked)) return read(query)
  const parts = asked as readonly Json[]
  const known = read({ ...query, credentials: parts.map(knownOf) })
  const credentials = known.credentials.map((each, index) => {
    const part = parts[index]
    return isJsonObject(part) ? asAsked(each, part) : each
  })
  return { ...known, credentials }
}

function isUnknown({ format }: JsonObject): boolean {
  return typeof format === 'string' && !queryFormats.includes(format)
}

function knownOf(part: Json): Json {
  if (!isJsonObject(part)) return part
  if (isUnknown(part)) return { id: part['id'] as Json, ...standIn }
  const { meta, trusted_authorities: authorities } = part
  const formerName =
    part['format'] === 'vc+sd-jwt' &&
    isJsonObject(meta) &&
    meta['vct_values'] !== undefined &&
    meta['type_values'] === undefined
  return {
    ...part,
    ...(formerName && { format: 'dc+sd-jwt' }),
    ...(Array.isArray(authorities) && {
      trusted_authorities: (authorities as readonly Json[]).map((one) =>
        isUnknownAuthority(one) ? authorityStandIn : one,
      ),
    }),
  }
}

function isUnknownAuthority(one: Json): one is JsonObject {
  return (
    isJsonObject(one) && typeof one['type'] === 'string' && !authorityTypes.includes(one['type'])
  )
}

/** What was read, with what is not known under its own name, for it is what the verifier said. */
function asAsked(read: CredentialQuery, part: JsonObject): CredentialQuery {
  if (isUnknown(part)) return { ...read, format: part['format'] as string, meta: {} }
  const { trusted_authorities: authorities } = part
  if (!Array.isArray(authorities)) return read
  return {
    ...read,
    trusted_authorities: (read.trusted_authorities ?? []).map(
      (one, index): TrustedAuthorityQuery => {
        const said = (authorities as readonly Json[])[index] as Json
        return isUnknownAuthority(said) ? { type: said['type'] as string, values: [] } : one
      },
    ),
  }
}
