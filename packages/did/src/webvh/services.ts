import { isJsonObject, type JsonObject } from '@asoba/core'
import { parseWebvhDid, type WebvhHostOptions } from './identifier.ts'

const linkedVpContext = 'https://identity.foundation/linked-vp/contexts/v1'

/** The service with an id, written whole (`<did>#files`) or as a fragment (`#files`). */
export function serviceOf(document: JsonObject, fragment: string): JsonObject | undefined {
  const ids = [`#${fragment}`, `${String(document['id'])}#${fragment}`]
  return servicesOf(document).find((one) => ids.includes(String(one['id'])))
}

/**
 * The document with the services that every did:webvh DID has: `#files`, where DID
 * URL paths lead, and `#whois`. What the document defines itself comes first.
 *
 * Implementations disagree whether the ids are whole and whether the endpoint of
 * `#files` ends with `/`; the ids here are whole, as DID Core wants a URI, and the
 * endpoint is that of the specification's example.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#did-url-path-resolution
 */
export function withImplicitServices(
  document: JsonObject,
  options: WebvhHostOptions = {},
): JsonObject {
  const did = String(document['id'])
  const identifier = parseWebvhDid(did, options)
  if (identifier === undefined) return document
  const added: JsonObject[] = []
  if (serviceOf(document, 'files') === undefined) {
    added.push({
      id: `${did}#files`,
      type: 'relativeRef',
      serviceEndpoint: identifier.baseUrl,
    })
  }
  if (serviceOf(document, 'whois') === undefined) {
    added.push({
      '@context': linkedVpContext,
      id: `${did}#whois`,
      type: 'LinkedVerifiablePresentation',
      serviceEndpoint: `${identifier.baseUrl}whois.vp`,
    })
  }
  return added.length === 0
    ? document
    : { ...document, service: [...servicesOf(document), ...added] }
}

function servicesOf(document: JsonObject): readonly JsonObject[] {
  const { service } = document
  const list: readonly unknown[] = Array.isArray(service) ? service : [service]
  return list.filter(isJsonObject)
}
