import type { JsonObject } from '@asoba/core'
import type { Claim, ClaimTable, Label } from './claim-table.ts'

/** The IRI of a term of the nation's own vocabulary, made per origin. */
export type OwnTerm = (name: string) => string

const xsd = 'http://www.w3.org/2001/XMLSchema#'

/** A claim that is left out of most credentials. */
export function optional(
  label: Label,
  schema: JsonObject,
  iri: string,
  term: JsonObject = {},
): Claim {
  return { label, mandatory: false, schema, term: { '@id': iri, ...term } }
}

/** A claim of every credential of its type. */
export function mandatory(label: Label, schema: JsonObject, iri: string): Claim {
  return { ...optional(label, schema, iri), mandatory: true }
}

/** A day, without time: an instant would tell two presentations of one person together. */
export function date(label: Label, iri: string): Claim {
  const schema = { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }
  return optional(label, schema, iri, { '@type': `${xsd}date` })
}

/**
 * Term of a claim that is a URL: a text and not a node, for «the person has none» is
 * a text as well (spec/bbs-profile.md, section 4).
 */
export const anyUri: JsonObject = { '@type': `${xsd}anyURI` }

/** The object of claims under one name. */
export function object(
  label: Label,
  iri: string,
  members: ClaimTable,
  options: { readonly mandatory: boolean },
): Claim {
  // An object of nothing but optional claims is left out rather than empty.
  const schema = options.mandatory ? {} : { minProperties: 1 }
  return { label, mandatory: options.mandatory, schema, term: { '@id': iri }, members }
}

/** Yes-or-no answers to «at least so many», each a disclosure of its own and all there, so that none stands out. */
export function thresholds(
  label: Label,
  iri: string,
  labels: Readonly<Record<string, Label>>,
): Claim {
  const members: Record<string, Claim> = {}
  for (const [threshold, own] of Object.entries(labels)) {
    members[threshold] = mandatory(own, { type: 'boolean' }, `${iri}${threshold}`)
  }
  return object(label, iri, members, { mandatory: true })
}

/** ISO 3166-1 alpha-2, or a user-assigned code such as `QS` for a stateless person. */
export const country: JsonObject = { type: 'string', pattern: '^[A-Z]{2}$' }

/** Free text on one line. */
export const text: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
}

/** An https URL without user, query and fragment: a name of a thing, not a way to follow a person. */
export const httpsUrl: JsonObject = {
  type: 'string',
  maxLength: 300,
  pattern: '^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$',
}

/** Who issued it, in words. */
export function issuingAuthority(own: OwnTerm): Claim {
  return optional({ be: 'Кім выдадзена', en: 'Issuing authority' }, text, own('issuingAuthority'))
}

/** The day until which what is attested holds; how long the credential lasts is said outside the claims. */
export function dateOfExpiry(own: OwnTerm): Claim {
  return date({ be: 'Дата заканчэння тэрміну дзеяння', en: 'Date of expiry' }, own('dateOfExpiry'))
}
