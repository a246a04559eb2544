import type {
  CredentialQuery,
  CredentialSetQuery,
  DcqlClaim,
  DcqlQuery,
  TrustedAuthorityQuery,
} from './dcql-query.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { boundQuery, checkQuery, invalidQuery } from './query-rules.ts'

/**
 * The judgement of `parseQuery` of `@asoba/core/dcql` without the `dcql` package behind
 * it, a tenth of its size: for a verifier, which reads queries of its own making. A test holds the two
 * to the same answers.
 *
 * @throws AsobaError `query.invalid`
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6
 */
export function readQuery(query: unknown): DcqlQuery {
  boundQuery(query)
  const { credentials, credential_sets: sets } = object(query, '')
  const result: DcqlQuery = {
    credentials: list(credentials, '/credentials', credentialQuery),
    ...(sets === undefined
      ? {}
      : { credential_sets: list(sets, '/credential_sets', credentialSet) }),
  }
  checkQuery(result)
  return result
}

/** Formats that a query can name. */
export const queryFormats: readonly string[] = [
  'dc+sd-jwt',
  'jwt_vc_json',
  'ldp_vc',
  'mso_mdoc',
  'vc+jwt',
  'vc+sd-jwt',
]
/** Kinds of authorities that a query can name (6.1.1). */
export const authorityTypes: readonly string[] = ['aki', 'etsi_tl', 'openid_federation']

function credentialQuery(value: unknown, at: string): CredentialQuery {
  const query = object(value, at)
  const { format, claims, claim_sets, trusted_authorities } = query
  if (typeof format !== 'string' || !queryFormats.includes(format)) throw bad(`${at}/format`)
  return {
    id: identifier(query['id'], `${at}/id`),
    format,
    multiple: flag(query['multiple'], false, `${at}/multiple`),
    require_cryptographic_holder_binding: flag(
      query['require_cryptographic_holder_binding'],
      true,
      `${at}/require_cryptographic_holder_binding`,
    ),
    meta: metaOf(query['meta'], format, `${at}/meta`),
    ...optional('trusted_authorities', trusted_authorities, at, authority),
    ...optional('claims', claims, at, (claim, place) => claimOf(claim, place, format)),
    ...optional('claim_sets', claim_sets, at, (set, place) => list(set, place, identifier)),
  }
}

function metaOf(value: unknown, format: string, at: string): CredentialQuery['meta'] {
  const meta = object(value, at)
  if (format === 'dc+sd-jwt') {
    return { vct_values: list(meta['vct_values'], at, text) }
  }
  if (format === 'mso_mdoc') return { doctype_value: text(meta['doctype_value'], at) }
  const place = `${at}/type_values`
  return { type_values: list(meta['type_values'], place, (types, each) => list(types, each, text)) }
}

function authority(value: unknown, at: string): TrustedAuthorityQuery {
  const { type, values } = object(value, at)
  if (!authorityTypes.includes(text(type, `${at}/type`))) throw bad(`${at}/type`)
  const fits = (each: string): boolean =>
    type === 'aki' ? aki.test(each) : /^https?:\/\//.test(each) && URL.canParse(each)
  return {
    type: type as string,
    values: list(values, `${at}/values`, (each, place) => {
      if (!fits(text(each, place))) throw bad(place)
      return each as string
    }),
  }
}
const aki = /^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/

function claimOf(value: unknown, at: string, format: string): DcqlClaim {
  const { id, path, values, intent_to_retain } = object(value, at)
  const mdoc = format === 'mso_mdoc'
  const parts = list(path, `${at}/path`, (part, place) => {
    const index = Number.isInteger(part) && (part as number) >= 0
    if (typeof part !== 'string' && (mdoc || !(index || part === null))) throw bad(place)
    return part as string | number | null
  })
  if (mdoc && parts.length !== 2) throw bad(`${at}/path`)
  return {
    ...(id === undefined ? {} : { id: identifier(id, `${at}/id`) }),
    path: parts,
    ...optional('values', values, at, (each, place) => {
      if (typeof each !== 'string' && typeof each !== 'boolean' && !Number.isInteger(each)) {
        throw bad(place)
      }
      return each as string | number | boolean
    }),
    ...(mdoc && intent_to_retain !== undefined
      ? { intent_to_retain: flag(intent_to_retain, false, `${at}/intent_to_retain`) }
      : {}),
  }
}

function credentialSet(value: unknown, at: string): CredentialSetQuery {
  const { options, required, purpose } = object(value, at)
  const said = typeof purpose === 'string' || Number.isFinite(purpose) || isJsonObject(purpose)
  if (purpose !== undefined && !said) throw bad(`${at}/purpose`)
  return {
    options: list(options, `${at}/options`, (option, place) => list(option, place, identifier)),
    required: flag(required, true, `${at}/required`),
    ...(purpose === undefined ? {} : { purpose: purpose as string | number | JsonObject }),
  }
}

function bad(path: string): Error {
  return invalidQuery('the query is not a valid DCQL query', path)
}

function object(value: unknown, at: string): JsonObject {
  if (!isJsonObject(value)) throw bad(at)
  return value
}

function list<T>(value: unknown, at: string, each: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value) || value.length === 0) throw bad(at)
  return value.map((item: unknown, index) => each(item, `${at}/${index}`))
}

function optional<Name extends string, T>(
  name: Name,
  value: unknown,
  at: string,
  each: (item: unknown, at: string) => T,
): { readonly [name in Name]?: T[] } {
  if (value === undefined) return {}
  return { [name]: list(value, `${at}/${name}`, each) } as { readonly [name in Name]: T[] }
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw bad(at)
  return value
}

function identifier(value: unknown, at: string): string {
  if (typeof value !== 'string' || !/^[\w-]+$/.test(value)) throw bad(at)
  return value
}

function flag(value: unknown, otherwise: boolean, at: string): boolean {
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') throw bad(at)
  return value
}
