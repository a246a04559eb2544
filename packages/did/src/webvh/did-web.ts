import type { JsonObject } from '@asoba/core'
import { parseWebvhDid, type WebvhHostOptions } from './identifier.ts'
import { withImplicitServices } from './services.ts'

/**
 * The did:web document to publish as `did.json` beside the log, for resolvers that do
 * not know did:webvh. Who reads it loses the verifiable history.
 *
 * @param document a resolved version
 * @throws TypeError where the id of the document is no did:webvh DID
 * @see https://identity.foundation/didwebvh/v1.0/#publishing-a-parallel-didweb-did
 */
export function toDidWeb(document: JsonObject, options: WebvhHostOptions = {}): JsonObject {
  const did = String(document['id'])
  const identifier = parseWebvhDid(did, options)
  if (identifier === undefined) throw new TypeError('expected the document of a did:webvh DID')
  // 2: the implicit services become explicit.
  const complete = withImplicitServices(document, options)
  // 3: a text replacement over the whole document.
  const replaced = JSON.parse(
    JSON.stringify(complete).replaceAll(`did:webvh:${identifier.scid}:`, 'did:web:'),
  ) as JsonObject
  // 4 and 5: each DID names the other, once.
  const names: readonly unknown[] = Array.isArray(replaced['alsoKnownAs'])
    ? replaced['alsoKnownAs']
    : []
  const others = names.filter(
    (name): name is string => typeof name === 'string' && name !== replaced['id'],
  )
  return { ...replaced, alsoKnownAs: [...new Set([...others, did])] }
}
