import {
  AsobaError,
  baseContext,
  isJsonObject,
  type JsonObject,
  type Problem,
  validateCredential,
} from '@asoba/core'
import { idOf, listOf, stringsOf } from '@asoba/core/judge'
import { addProof, eddsaJcs2022, verifyCredential, verifyPresentation } from '@asoba/data-integrity'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentSigner } from './agent-signer.ts'
import { type ProviderOptions, providerOf } from './provider.ts'

/**
 * Data Integrity with `eddsa-jcs-2022` for `CredentialPlugin` and `asobaCredentials`: VC data model
 * 2.0, signed as it is by an Ed25519 key; no JSON-LD is processed and no context fetched.
 *
 * @throws TypeError where the policy leaves something out
 */
export function eddsaJcsProvider(options: ProviderOptions): ICredentialProvider {
  const suite = eddsaJcs2022()
  const suites = { suites: [suite], presentationSuites: [suite] }
  const documentIn = (type: string, document: unknown) =>
    hasProof(document, suite.name) && stringsOf(document['type']).includes(type)
      ? document
      : undefined
  return providerOf(
    {
      proofFormat: suite.name,
      algorithms: ['EdDSA'],
      credentialIn: (document) => documentIn('VerifiableCredential', document),
      presentationIn: (document) => documentIn('VerifiablePresentation', document),
      async issue(credential, { signer }) {
        demand(validateCredential(credential))
        const by = await signer(idOf(credential['issuer']) ?? '')
        return addProof(credential, { suite, signer: by, proofPurpose: 'assertionMethod' })
      },
      async present(presentation, { audience, nonce, now }, { agent, keyRef }) {
        const signer = await agentSigner(agent, {
          did: idOf(presentation['holder']) ?? '',
          ...(keyRef !== undefined && { keyRef }),
          relationship: 'authentication',
          algorithms: ['EdDSA'],
        })
        const whole: JsonObject = {
          '@context': [baseContext],
          type: ['VerifiablePresentation'],
          ...presentation,
        }
        const purpose = { proofPurpose: 'authentication', domain: audience, challenge: nonce }
        return addProof(whole, { suite, signer, created: now, ...purpose })
      },
      verifyCredential: (wire, context) => verifyCredential(wire, { ...context, ...suites }),
      verifyPresentation: (wire, context) => verifyPresentation(wire, { ...context, ...suites }),
    },
    options,
  )
}

/** Whether a document has a proof of this cryptosuite. */
export function hasProof(document: unknown, cryptosuite: string): document is JsonObject {
  return (
    isJsonObject(document) &&
    listOf(document['proof']).some(
      (proof) => isJsonObject(proof) && proof['cryptosuite'] === cryptosuite,
    )
  )
}

/** @throws AsobaError `credential.malformed` with the path of the first problem */
export function demand(problems: readonly Problem[]): void {
  const [first] = problems
  if (first === undefined) return
  const where = first.path === undefined ? {} : { path: first.path }
  throw new AsobaError('credential.malformed', 'the data model refuses the credential', where)
}
