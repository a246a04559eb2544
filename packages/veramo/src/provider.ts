import {
  baseContext,
  type Check,
  checksUnder,
  type JsonObject,
  type Problem,
  parseJson,
  problem,
  problemsUnder,
  refused,
  type SignatureAlgorithm,
  type Signer,
  type Verified,
} from '@asoba/core'
import { type JudgedCredential, listOf, stringsOf } from '@asoba/core/judge'
import { baseContextV1 } from '@asoba/core/v1'
import type {
  ICreateVerifiablePresentationArgs,
  IKey,
  VerifiableCredential,
  VerifiablePresentation,
} from '@veramo/core'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentSigner, type SigningAgent } from './agent-signer.ts'
import { algorithmOfManagedKey } from './key-forms.ts'
import {
  type AsobaPolicy,
  checkPolicy,
  type JudgingContext,
  judgeStatus,
  judgingContext,
  type StatusSubject,
} from './policy.ts'
import { type AsobaVerifyResult, asJson, factsOf, refusedResult } from './result.ts'

/** To whom a presentation is made; Veramo calls it domain and challenge. */
export interface Address {
  readonly audience: string
  readonly nonce: string
  readonly now: Date
}

/** A credential that was judged, however it is secured; its status was not. */
export type Judged = Omit<JudgedCredential, 'status' | 'issuedMark'> &
  Omit<StatusSubject, 'issuer' | 'type'> & {
    readonly pseudonym?: string
  }

/** A presentation that was judged with all that is in it; the status of nothing was. */
export interface JudgedPresentation {
  /** Who presents, where the presentation says it. */
  readonly holder?: string
  readonly credentials: readonly Judged[]
}

/** What one way of securing has to say for itself. */
export interface Securing {
  /** Name as Veramo's `proofFormat`. */
  readonly proofFormat: string
  /** Algorithms that it signs with; none where it signs by BBS. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Types of keys as Veramo names them, beside those of the algorithms. */
  readonly keyTypes?: readonly string[]
  /** The wire form, where the document is of this way and of no other; `undefined` everywhere else. */
  credentialIn(document: unknown): unknown
  /** The same for presentations. */
  presentationIn(document: unknown): unknown
  /** Secures as it is: nothing is added to the credential. */
  issue(credential: JsonObject, by: IssueInput): Promise<JsonObject>
  /** Presents credentials in one presentation. */
  present(presentation: JsonObject, to: Address, by: PresentInput): Promise<JsonObject>
  /** Judges a lone credential. */
  verifyCredential(wire: unknown, context: JudgingContext): Promise<Verified<Judged>>
  /** Judges a presentation, and every credential in it like a lone one. */
  verifyPresentation(
    wire: unknown,
    context: JudgingContext & { readonly audience: string; readonly nonce: string },
  ): Promise<Verified<JudgedPresentation>>
}

/** What an issuance has beside the credential. */
export interface IssueInput {
  readonly agent: SigningAgent
  readonly args: Readonly<Record<string, unknown>>
  readonly now: Date
  /** The signer for an issuer: the agent's, or one that was given for it. */
  signer(issuer: string): Promise<Signer>
}

/** What a presentation has beside itself. */
export interface PresentInput {
  readonly agent: SigningAgent
  readonly args: Readonly<Record<string, unknown>>
  readonly keyRef: string | undefined
}

/** Where issuers that are no DIDs of the agent sign: certificates, https issuers, keys elsewhere. */
export interface ProviderOptions extends AsobaPolicy {
  /** Signers by issuer, before the agent's own keys are asked. */
  readonly signers?: Readonly<Record<string, Signer>>
}

/**
 * A provider of Veramo over one way of securing. It claims only its own documents, so that it is
 * right in any order, and judges each credential whole: signature, trust, validity, status and, in
 * a presentation, holder, audience and nonce.
 */
export function providerOf(securing: Securing, options: ProviderOptions): ICredentialProvider {
  checkPolicy(options)
  const { proofFormat, algorithms, keyTypes = [] } = securing
  const clock = options.now ?? (() => new Date())
  return {
    getProofFormatsSupportedForKey: (key: IKey) => {
      const algorithm = algorithmOfManagedKey(key)
      const fits = algorithm !== undefined && algorithms.includes(algorithm)
      return fits || keyTypes.includes(key.type) ? [proofFormat] : []
    },
    canIssueProofFormat: (query) => query.proofFormat === proofFormat,
    canVerifyDocumentType: ({ document }) =>
      securing.credentialIn(document) !== undefined ||
      securing.presentationIn(document) !== undefined,

    async createVerifiableCredential(args, { agent }) {
      const credential = withoutAdditions(asJson(args.credential) as JsonObject)
      const signing = agent as unknown as SigningAgent
      const secured = await securing.issue(credential, {
        agent: signing,
        args,
        now: timeOf(args, clock),
        signer: async (issuer) =>
          Object.hasOwn(options.signers ?? {}, issuer)
            ? (options.signers?.[issuer] as Signer)
            : agentSigner(signing, {
                did: issuer,
                ...(args.keyRef !== undefined && { keyRef: args.keyRef }),
                relationship: 'assertionMethod',
                algorithms,
              }),
      })
      return secured as unknown as VerifiableCredential
    },

    async createVerifiablePresentation(args, { agent }) {
      const presentation = asJson(args.presentation) as JsonObject
      const now = timeOf(args, clock)
      const secured = await securing.present(
        presentation,
        { ...addressOf(args), now },
        { agent: agent as unknown as SigningAgent, args, keyRef: args.keyRef },
      )
      return secured as unknown as VerifiablePresentation
    },

    async verifyCredential(args, { agent }) {
      const now = judgementTime(args.policies, clock)
      const context = judgingContext(options, agent, now)
      const wire = securing.credentialIn(bounded(args.credential))
      if (wire === undefined) return unread
      const judged = await securing.verifyCredential(wire, context)
      if (!judged.verified) return refusedResult(judged)
      const status = await judgeStatus(judged, options, agent, now)
      const checks = [...judged.checks, status.check]
      const [first, ...others] = status.problems
      if (first !== undefined) return refusedResult({ problems: [first, ...others], checks })
      const facts = factsOf(judged)
      return success({ checks, ...facts, verifiableCredential: facts.credential })
    },

    async verifyPresentation(args, { agent }) {
      const { audience, nonce } = addressOf(args)
      const now = judgementTime(args.policies, clock)
      const context = { ...judgingContext(options, agent, now), audience, nonce }
      const wire = securing.presentationIn(bounded(args.presentation))
      if (wire === undefined) return unread
      const judged = await securing.verifyPresentation(wire, context)
      if (!judged.verified) return refusedResult(judged)
      const problems: Problem[] = []
      const checks: Check[] = [...judged.checks]
      for (const [index, credential] of judged.credentials.entries()) {
        const path = `/verifiableCredential/${index}`
        const status = await judgeStatus(credential, options, agent, now)
        problems.push(...problemsUnder(path, status.problems))
        checks.push(...checksUnder(path, [status.check]))
      }
      const [first, ...others] = problems
      if (first !== undefined) return refusedResult({ problems: [first, ...others], checks })
      const { holder, credentials } = judged
      return success({ checks, ...(holder && { holder }), credentials: credentials.map(factsOf) })
    },
  }
}

/** A document as JSON within bounds; `undefined` where it is none, is too large or too deep. */
function bounded(document: unknown): unknown {
  if (typeof document === 'string') return document
  try {
    return parseJson(JSON.stringify(document) ?? '')
  } catch {
    return undefined
  }
}

const unread: AsobaVerifyResult = refusedResult(
  refused([problem('presentation.malformed', 'it is no document that this provider reads')]),
)

function success(
  found: Readonly<Record<string, unknown>> & { readonly checks: readonly Check[] },
): AsobaVerifyResult {
  return asJson({ verified: true, problems: [], ...found }) as unknown as AsobaVerifyResult
}

/**
 * For whom a presentation is. Veramo lets both be left out, and then takes any.
 *
 * @throws TypeError where one is missing
 */
export function addressOf(
  args: Pick<ICreateVerifiablePresentationArgs, 'domain' | 'challenge'>,
): Omit<Address, 'now'> {
  const { domain, challenge } = args
  if (typeof domain !== 'string' || domain === '') {
    throw new TypeError('domain is required: for whom the presentation is')
  }
  if (typeof challenge !== 'string' || challenge === '') {
    throw new TypeError('challenge is required: the nonce of the verifier')
  }
  return { audience: domain, nonce: challenge }
}

/**
 * The time of a judgement. Of Veramo's policies only `now` is taken: those that switch a check off
 * would make it fail open.
 *
 * @throws TypeError where one switches a check off
 */
function judgementTime(
  policies: Readonly<Record<string, unknown>> | undefined,
  clock: () => Date,
): Date {
  if (Object.values(policies ?? {}).includes(false)) {
    throw new TypeError(
      'no check can be switched off: say in the policy of the provider what holds',
    )
  }
  const now = policies?.['now']
  return typeof now === 'number' ? new Date(now * 1000) : clock()
}

function timeOf(args: Readonly<Record<string, unknown>>, clock: () => Date): Date {
  const { now } = args
  return now instanceof Date ? now : typeof now === 'number' ? new Date(now * 1000) : clock()
}

/**
 * Veramo's own plugin puts the context of 1.1 before that of 2.0 and adds `issuanceDate`, which 2.0
 * does not know, before any provider is asked. No credential is meant to have both contexts.
 */
function withoutAdditions(credential: JsonObject): JsonObject {
  const [first, ...others] = listOf(credential['@context'])
  if (first !== baseContextV1 || !others.includes(baseContext)) return credential
  const { issuanceDate: _added, ...rest } = credential
  return { ...rest, '@context': others }
}

/** The last of the types: what a credential is, beside being one. */
export function ownType(credential: JsonObject): string {
  return stringsOf(credential['type']).at(-1) ?? ''
}
