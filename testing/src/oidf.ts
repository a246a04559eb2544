import { type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'
import { type Vectors, vectorSuite } from './index.ts'

/**
 * The JSON schemas of the OpenID Foundation's conformance suite, by what they describe. It has
 * none for responses, and its `dcql_query` knows the formats `dc+sd-jwt` and `mso_mdoc` only.
 */
const schemas = {
  credential_issuer_metadata: 'oid4vci/credential_issuer_metadata-1_0.json',
  credential_offer: 'oid4vci/credential_offer-1_0.json',
  credential_request: 'oid4vci/credential_request-1_0.json',
  authorization_server_metadata: 'rfc8414/oauth_authorization_server_metadata.json',
  dcql_query: 'oid4vp/dcql_request.json',
  verifier_info: 'oid4vp/verifier_info.json',
  vct_metadata: 'sdjwtvc/type_metadata.json',
} as const

/** One of the documents that the conformance suite has a schema for. */
export type OidfDocument = keyof typeof schemas

/** What the conformance suite finds wrong with a document; empty where it finds nothing. */
export type OidfFaults = (document: OidfDocument, value: unknown) => Promise<readonly string[]>

const folder = 'oidf-conformance'

/** {@link OidfFaults} by the schemas among the vectors of `oidf-conformance`. */
export function oidfFaults(vectors: Pick<Vectors, 'json'>): OidfFaults {
  const validators = new Map<OidfDocument, Promise<Validator>>()
  const make = async (document: OidfDocument): Promise<Validator> => {
    const path = `src/main/resources/json-schemas/${schemas[document]}`
    const schema = await vectors.json<Schema>(path)
    const draft: SchemaDraft = schema.$schema?.includes('draft-07') === true ? '7' : '2020-12'
    return new Validator(schema, draft, false)
  }
  return async (document, value) => {
    const validator = validators.get(document) ?? make(document)
    validators.set(document, validator)
    // As it would be on the wire: without members that are undefined.
    const wire: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
    const { valid, errors } = (await validator).validate(wire)
    const faults = errors.map((each) => `${each.instanceLocation} ${each.keyword}: ${each.error}`)
    // A schema that is `false` at the top fails without saying where.
    return valid || faults.length > 0 ? faults : ['# is not allowed']
  }
}

/**
 * A suite that holds what is ours against the conformance suite's schemas: as `vectorSuite`,
 * skipped with a visible line where they are absent.
 */
export function oidfSuite(define: (faults: OidfFaults) => void | Promise<void>): void {
  vectorSuite(folder, (vectors) => define(oidfFaults(vectors)))
}
