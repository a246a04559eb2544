import { DcqlQuery as Dcql } from 'dcql'
import type { ClaimsPath } from './credential-type.ts'
import { AsobaError } from './errors.ts'
import { isJsonObject } from './json.ts'

/** A DCQL query that was parsed and validated. @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6 */
export interface DcqlQuery {
  readonly credentials: readonly CredentialQuery[]
  readonly credential_sets?: readonly CredentialSetQuery[]
}

/** What a DCQL query asks of one credential. Defaults of the specification are filled in. */
export interface CredentialQuery {
  readonly id: string
  /** `dc+sd-jwt`, `jwt_vc_json`, `ldp_vc`, `mso_mdoc`, or ours: `vc+jwt`, `vc+sd-jwt`. */
  readonly format: string
  readonly multiple: boolean
  readonly require_cryptographic_holder_binding: boolean
  /** Always there and never empty: a query that does not say which type it means is refused. */
  readonly meta: {
    readonly vct_values?: readonly string[]
    readonly type_values?: readonly (readonly string[])[]
    readonly doctype_value?: string
  }
  readonly trusted_authorities?: readonly TrustedAuthorityQuery[]
  readonly claims?: readonly DcqlClaim[]
  /** Ids of claims, the most wanted combination first. */
  readonly claim_sets?: readonly (readonly string[])[]
}

/** Authorities of which a credential must come under one. */
export interface TrustedAuthorityQuery {
  readonly type: 'aki' | 'etsi_tl' | 'openid_federation'
  readonly values: readonly string[]
}

/** One claim asked for. */
export interface DcqlClaim {
  readonly id?: string
  readonly path: ClaimsPath
  /** The claim counts only where its value is one of these. */
  readonly values?: readonly (string | number | boolean)[]
}

/** Combinations of credentials, by ids of credential queries. */
export interface CredentialSetQuery {
  /** The most wanted option first. */
  readonly options: readonly (readonly string[])[]
  readonly required: boolean
  readonly purpose?: string | number | { readonly [name: string]: unknown }
}

/** `dcql` refuses the formats that are ours, so it reads them under the name of their sibling. */
const ours: ReadonlySet<unknown> = new Set(['vc+jwt', 'vc+sd-jwt'])
const maxNodes = 4096
const maxCharacters = 65_536
const maxDepth = 10

/**
 * A DCQL query out of anything: parsed, bounded and validated in one step. Every
 * credential query needs `meta` with the types of its format.
 *
 * @throws AsobaError `query.invalid`
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6
 */
export function parseQuery(query: unknown): DcqlQuery {
  if (!isBounded(query)) throw invalid('the query is too large or is not JSON')
  if (!isJsonObject(query) || !Array.isArray(query['credentials'])) {
    throw invalid('a query needs credentials', '/credentials')
  }
  const asked: readonly unknown[] = query['credentials']
  let parsed: DcqlQuery
  try {
    const read = Dcql.parse({
      ...query,
      credentials: asked.map((each) =>
        isJsonObject(each) && ours.has(each['format']) ? { ...each, format: 'jwt_vc_json' } : each,
      ),
    } as unknown as Dcql.Input)
    Dcql.validate(read)
    parsed = read as unknown as DcqlQuery
  } catch (error) {
    // The library's messages repeat what they complain about; only the place is passed on.
    throw invalid('the query is not a valid DCQL query', pointerOf(error))
  }
  const credentials = parsed.credentials.map((each, index): CredentialQuery => {
    const at = `/credentials/${index}`
    const { vct_values, type_values, doctype_value } = each.meta ?? {}
    const named = each.format === 'mso_mdoc' ? doctype_value : (vct_values ?? type_values)
    if (named === undefined || named.length === 0) {
      throw invalid('a credential query needs meta with the types of its format', `${at}/meta`)
    }
    // An answer is an object with the id as a name, and this name is no name there.
    if (each.id === '__proto__') throw invalid('the id cannot be used', `${at}/id`)
    validateClaims(each, at)
    const format = (asked[index] as { readonly format: string }).format
    return { ...each, format }
  })
  return { ...parsed, credentials }
}

function validateClaims({ claims, claim_sets }: CredentialQuery, at: string): void {
  const ids = new Set<string>()
  claims?.forEach(({ id, path, values }, index) => {
    if (path === undefined) throw invalid('a claim needs a path', `${at}/claims/${index}/path`)
    if (values?.length === 0) throw invalid('values is empty', `${at}/claims/${index}/values`)
    if (id === undefined ? claim_sets !== undefined : ids.has(id)) {
      throw invalid('a claim needs an id of its own', `${at}/claims/${index}/id`)
    }
    if (id !== undefined) ids.add(id)
  })
}

function invalid(message: string, path?: string): AsobaError {
  return new AsobaError('query.invalid', message, path === undefined ? {} : { path })
}

function pointerOf(error: unknown): string {
  const issues = (error as { readonly issues?: readonly { readonly path?: unknown }[] }).issues
  const path = issues?.[0]?.path
  if (!Array.isArray(path)) return ''
  return path.map((part: { readonly key: unknown }) => `/${String(part.key)}`).join('')
}

function isBounded(query: unknown): boolean {
  let nodes = 0
  let characters = 0
  const within = (value: unknown, depth: number): boolean => {
    if (++nodes > maxNodes || depth > maxDepth) return false
    if (typeof value === 'string') characters += value.length
    if (typeof value !== 'object' || value === null) return characters <= maxCharacters
    return Object.entries(value).every(([name, below]) => {
      characters += name.length
      return within(below, depth + 1)
    })
  }
  return within(query, 0)
}
