import { baseContext, isJsonObject, type JsonObject } from '@asoba/core'

/** The two kinds of envelopes of the data model. */
export type EnvelopeKind = 'Credential' | 'Presentation'

/**
 * What is secured as text, as an object: Veramo hands objects around, its provider for JWT claims
 * every string, and the data model has envelopes for just this.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials
 */
export function envelope(kind: EnvelopeKind, mediaType: string, token: string): JsonObject {
  return {
    '@context': [baseContext],
    id: `data:${mediaType},${token}`,
    type: `EnvelopedVerifiable${kind}`,
  }
}

/** The text in an envelope of this kind and media type, or `undefined` where it is no such one. */
export function openEnvelope(
  kind: EnvelopeKind,
  mediaType: string,
  document: unknown,
): string | undefined {
  if (!isJsonObject(document)) return undefined
  const { id, '@context': context } = document
  const [type, ...others] = [document['type']].flat()
  const [base] = [context].flat()
  const head = `data:${mediaType},`
  const isOne = type === `EnvelopedVerifiable${kind}` && others.length === 0
  if (!isOne || base !== baseContext || typeof id !== 'string' || !id.startsWith(head)) {
    return undefined
  }
  return id.slice(head.length)
}

/**
 * The text of an enveloped credential or presentation, of whatever media type: what travels alone,
 * and what Veramo's own plugin takes into a presentation, for it knows no envelopes.
 *
 * @throws TypeError where the document is no envelope
 */
export function tokenOf(document: object): string {
  const { id, type } = document as { readonly id?: unknown; readonly type?: unknown }
  const text = typeof id === 'string' ? /^data:[a-z]+\/[a-z+-]+,(.+)$/.exec(id)?.[1] : undefined
  if (text === undefined || !/^EnvelopedVerifiable/.test(String(type))) {
    throw new TypeError('it is no envelope of the data model')
  }
  return text
}
