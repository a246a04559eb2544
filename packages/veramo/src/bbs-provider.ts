import { presentationHeader } from '@asoba/bbs'
import { bbs2023Cryptosuite } from '@asoba/bbs/cryptosuite'
import {
  type JsonObject,
  problem,
  refused,
  type VerifyingFormat,
  validateCredential,
} from '@asoba/core'
import { idOf, listOf, stringsOf } from '@asoba/core/judge'
import {
  addProof,
  type ContextDocument,
  createJsonLd,
  deriveProof,
  type HideableMember,
  verifyCredential,
} from '@asoba/data-integrity'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentBbsSigner } from './agent-signer.ts'
import { demand, hasProof } from './eddsa-jcs-provider.ts'
import { type ProviderOptions, providerOf } from './provider.ts'

/** What {@link bbsProvider} is made of. */
export interface BbsProviderOptions extends ProviderOptions {
  /** JSON-LD contexts beside those of the data model; nothing is ever fetched. */
  readonly contexts?: readonly ContextDocument[]
  /**
   * Formats for credentials of a nation, which are bound to a holder and may show a pseudonym:
   * `bbs2023Verifying(profile)` of `@asoba/bbs/verifying`. They are read here and made by the roles
   * given to `asobaCredentials`.
   */
  readonly formats?: readonly VerifyingFormat[]
}

/**
 * Data Integrity with `bbs-2023` for `CredentialPlugin` and `asobaCredentials`. What is issued is
 * for the holder alone. Issuer, validity, status, schema, refresh service and terms of use are always
 * shown, and what `mandatoryPointers` of the call lead to; `hideable` of the call names those that
 * need not be. To present it is derived, with `disclose` of the call as JSON pointers, and bound to
 * domain and challenge. It proves no holder, so that the policy must say `bearer` for its type.
 *
 * @throws TypeError where the policy leaves something out
 */
export function bbsProvider(options: BbsProviderOptions): ICredentialProvider {
  const { contexts = [], formats = [] } = options
  const processor = createJsonLd({ contexts })
  const suiteFor = (header: Uint8Array | undefined) =>
    bbs2023Cryptosuite(processor, { feature: 'baseline', presentationHeader: header })
  const documentIn = (document: unknown): JsonObject | undefined =>
    hasProof(document, 'bbs-2023') && stringsOf(document['type']).includes('VerifiableCredential')
      ? document
      : undefined
  return providerOf(
    {
      proofFormat: 'bbs-2023',
      algorithms: [],
      keyTypes: ['Bls12381G2'],
      credentialIn: documentIn,
      presentationIn: documentIn,
      async issue(credential, { agent, args }) {
        demand(validateCredential(credential))
        const keyRef = args['keyRef']
        const signer = await agentBbsSigner(agent, {
          did: idOf(credential['issuer']) ?? '',
          ...(typeof keyRef === 'string' && { keyRef }),
        })
        const mandatoryPointers = textsIn(args['mandatoryPointers'])
        const hideable = textsIn(args['hideable']) as readonly HideableMember[] | undefined
        const suite = suiteFor(undefined)
        return addProof(credential, {
          ...{ suite, signer, proofPurpose: 'assertionMethod' },
          ...(mandatoryPointers && { mandatoryPointers }),
          ...(hideable && { hideable }),
        })
      },
      async present(presentation, { audience, nonce }, { args }) {
        const [one, ...others] = listOf(presentation['verifiableCredential'])
        const credential = documentIn(one)
        if (credential === undefined || others.length > 0) {
          throw new TypeError('a credential with a BBS proof is presented alone')
        }
        const suite = suiteFor(await headerFor(audience, nonce))
        return deriveProof(credential, { suite, pointers: textsIn(args['disclose']) ?? [] })
      },
      verifyCredential: (wire, context) =>
        verifyCredential(wire, { ...context, suites: [suiteFor(undefined)] }),
      async verifyPresentation(wire, context) {
        const format = formats.find((each) => each.recognises(wire))
        if (format !== undefined) {
          const verified = await format.verify(wire, context)
          if (!verified.verified) return verified
          const { checks, claims: credential, ...rest } = verified
          return { verified: true, checks, credentials: [{ ...rest, credential }] }
        }
        const suite = suiteFor(await headerFor(context.audience, context.nonce))
        const verified = await verifyCredential(wire, { ...context, suites: [suite] })
        if (!verified.verified) return verified
        if (context.holderBinding(verified.type) !== 'bearer') {
          const missing = problem('holder.binding-missing', 'the proof binds it to no holder')
          return refused([missing], verified.checks)
        }
        const { checks, ...credential } = verified
        const holder = { kind: 'none', proven: false } as const
        return { verified: true, checks, credentials: [{ ...credential, holder }] }
      },
    },
    options,
  )
}

function headerFor(audience: string, nonce: string): Promise<Uint8Array> {
  return presentationHeader({ audience, nonce, purpose: 'present' })
}

function textsIn(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    throw new TypeError('pointers and names are arrays of texts')
  }
  return value
}
