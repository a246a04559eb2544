import { baseContext, isJsonObject } from '@asoba/core'

/**
 * The token of a wire form: the text itself, or what is in an envelope of that media type.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials
 */
export function tokenOf(wire: unknown, kind: 'vc' | 'vp'): string | undefined {
  if (typeof wire === 'string') return wire
  if (!isJsonObject(wire)) return undefined
  const { id, type, '@context': context } = wire
  const name = kind === 'vc' ? 'EnvelopedVerifiableCredential' : 'EnvelopedVerifiablePresentation'
  const prefix = `data:application/${kind}+sd-jwt,`
  const named = type === name || (Array.isArray(type) && type.length === 1 && type[0] === name)
  const inContext = (Array.isArray(context) ? context[0] : context) === baseContext
  return named && inContext && typeof id === 'string' && id.startsWith(prefix)
    ? id.slice(prefix.length)
    : undefined
}
