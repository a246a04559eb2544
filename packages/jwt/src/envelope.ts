import { isJsonObject, type JsonObject } from '@asoba/core'

/** Base context of the VC data model 2.0. */
export const contextV2 = 'https://www.w3.org/ns/credentials/v2'

/**
 * An `EnvelopedVerifiableCredential`: how a compact `vc+jwt` lies in a presentation.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials
 */
export function envelopeCredential(token: string): JsonObject {
  return {
    '@context': contextV2,
    id: `data:application/vc+jwt,${token}`,
    type: 'EnvelopedVerifiableCredential',
  }
}

/**
 * An `EnvelopedVerifiablePresentation`: how a compact `vp+jwt` lies in a JSON document.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-presentations
 */
export function envelopePresentation(token: string): JsonObject {
  return {
    '@context': contextV2,
    id: `data:application/vp+jwt,${token}`,
    type: 'EnvelopedVerifiablePresentation',
  }
}

/**
 * The compact token in an envelope of the kind, or `undefined` where it is no such envelope: the
 * whole `data:` URL is `data:<media type>,<token>` without parameters and without base64.
 */
export function tokenInEnvelope(value: unknown, kind: 'vc' | 'vp'): string | undefined {
  if (!isJsonObject(value)) return undefined
  const { id, type, '@context': context } = value
  const name = kind === 'vc' ? 'EnvelopedVerifiableCredential' : 'EnvelopedVerifiablePresentation'
  const prefix = `data:application/${kind}+jwt,`
  const named = type === name || (Array.isArray(type) && type.length === 1 && type[0] === name)
  const inContext = (Array.isArray(context) ? context[0] : context) === contextV2
  if (!named || !inContext || typeof id !== 'string' || !id.startsWith(prefix)) return undefined
  return id.slice(prefix.length)
}
