/**
 * Queries read by the `dcql` package. A subpath, because that package costs more to
 * load than the rest of a verifier; `readQuery` judges the same without it.
 *
 * @module
 */

import { DcqlQuery as Dcql } from 'dcql'
import type { DcqlQuery } from './dcql-query.ts'
import { isJsonObject } from './json.ts'
import { boundQuery, checkQuery, invalidQuery } from './query-rules.ts'

/** `dcql` refuses the formats that are ours, so it reads them under the name of their sibling. */
const ours: ReadonlySet<unknown> = new Set(['vc+jwt', 'vc+sd-jwt'])

/**
 * A DCQL query out of anything: parsed, bounded and validated in one step. Every
 * credential query needs `meta` with the types of its format.
 *
 * @throws AsobaError `query.invalid`
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6
 */
export function parseQuery(query: unknown): DcqlQuery {
  boundQuery(query)
  if (!isJsonObject(query)) throw invalidQuery('a query is an object', '')
  const { credentials: asked } = query
  if (!Array.isArray(asked)) throw invalidQuery('a query needs credentials', '/credentials')
  const parsed = parse({
    ...query,
    credentials: asked.map((each: unknown) =>
      isJsonObject(each) && ours.has(each['format']) ? { ...each, format: 'jwt_vc_json' } : each,
    ),
  })
  const credentials = parsed.credentials.map((each, index) => ({
    ...each,
    format: (asked[index] as { readonly format: string }).format,
  }))
  const result = { ...parsed, credentials }
  checkQuery(result)
  return result
}

function parse(query: unknown): DcqlQuery {
  try {
    return Dcql.parse(query as Dcql.Input) as unknown as DcqlQuery
  } catch (error) {
    // The library's messages repeat what they complain about; only the place is passed on.
    throw invalidQuery('the query is not a valid DCQL query', pointerOf(error))
  }
}

function pointerOf(error: unknown): string {
  const issues = (error as { readonly issues?: readonly { readonly path?: unknown }[] }).issues
  const path = issues?.[0]?.path
  if (!Array.isArray(path)) return ''
  return path.map((part: { readonly key: unknown }) => `/${String(part.key)}`).join('')
}
