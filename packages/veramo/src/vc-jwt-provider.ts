import {
  baseContext,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  type SignatureAlgorithm,
} from '@asoba/core'
import { idOf, listOf } from '@asoba/core/judge'
import {
  envelopeCredential,
  signCredential,
  signPresentation,
  verifyCredential,
  verifyPresentation,
} from '@asoba/jwt'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentSigner } from './agent-signer.ts'
import { envelope, openEnvelope } from './envelope.ts'
import { type ProviderOptions, providerOf } from './provider.ts'

/** What the JOSE forms are signed with. */
export const joseAlgorithms: readonly SignatureAlgorithm[] = [
  'EdDSA',
  'ES256',
  'ES256K',
  'ES384',
  'ES512',
]

/** `typ` of a compact JWS, lower case and without `application/`; `undefined` where it is none. */
export function typOfToken(document: unknown): string | undefined {
  if (typeof document !== 'string' || document.length > 1_048_576) return undefined
  const [head = '', , , ...more] = document.split('.', 4)
  if (more.length > 0 || document.includes('~')) return undefined
  const header = parseJson(fromBase64url(head) ?? '')
  if (!isJsonObject(header)) return undefined
  const { typ } = header
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}

/**
 * `vc+jwt` of the VC data model 2.0 for `CredentialPlugin` and `asobaCredentials`. Credentials and
 * presentations are envelopes of the data model; compact text is read as well.
 *
 * @throws TypeError where the policy leaves something out
 */
export function vcJwtProvider(options: ProviderOptions): ICredentialProvider {
  const textIn = (kind: 'Credential' | 'Presentation', document: unknown): string | undefined => {
    const typ = kind === 'Credential' ? 'vc+jwt' : 'vp+jwt'
    if (typOfToken(document) === typ) return document as string
    return openEnvelope(kind, `application/${typ}`, document)
  }
  return providerOf(
    {
      proofFormat: 'vc+jwt',
      algorithms: joseAlgorithms,
      credentialIn: (document) => textIn('Credential', document),
      presentationIn: (document) => textIn('Presentation', document),
      async issue(credential, { signer }) {
        const by = await signer(idOf(credential['issuer']) ?? '')
        return envelopeCredential(await signCredential(credential, by))
      },
      async present(presentation, to, { agent, keyRef }) {
        const holder = idOf(presentation['holder']) ?? ''
        const enveloped = listOf(presentation['verifiableCredential']).map((one: Json) => {
          const token = textIn('Credential', one)
          if (token === undefined) throw new TypeError('a vp+jwt holds vc+jwt credentials')
          return envelopeCredential(token)
        })
        const signer = await agentSigner(agent, {
          did: holder,
          ...(keyRef !== undefined && { keyRef }),
          relationship: 'authentication',
          algorithms: joseAlgorithms,
        })
        const whole: JsonObject = {
          '@context': [baseContext],
          type: ['VerifiablePresentation'],
          ...presentation,
          verifiableCredential: enveloped,
        }
        const token = await signPresentation(whole, to, signer)
        return envelope('Presentation', 'application/vp+jwt', token)
      },
      verifyCredential,
      verifyPresentation,
    },
    options,
  )
}
