import { isJsonObject, type JsonObject, problem, refused } from '@asoba/core'
import { idOf, readStatus, stringsOf } from '@asoba/core/judge'
import type {
  CredentialStatus,
  IAgentPlugin,
  ICheckCredentialStatusArgs,
  ICreateVerifiableCredentialArgs,
  ICreateVerifiablePresentationArgs,
  IIdentifier,
  IPluginMethodMap,
  IssuerAgentContext,
  IVerifyCredentialArgs,
  IVerifyPresentationArgs,
  VerifiableCredential,
  VerifiablePresentation,
  VerifierAgentContext,
} from '@veramo/core'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { type AsobaPolicy, checkPolicy, judgeStatus } from './policy.ts'
import { addressOf } from './provider.ts'
import { type AsobaVerifyResult, asJson, refusedResult } from './result.ts'
import { type AsobaRoles, type IAsobaRoles, roleMethods } from './roles.ts'
import { schema } from './schema.ts'

/** The methods of Veramo's `ICredentialPlugin` that are replaced, with what is required required. */
export interface IAsobaCredentials extends IPluginMethodMap {
  /** Secures a credential as it is; the caller's object is not touched. */
  createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential>
  /** Presents credentials. @throws TypeError without `domain` or `challenge` */
  createVerifiablePresentation(
    args: ICreateVerifiablePresentationArgs & { domain: string; challenge: string },
    context: IssuerAgentContext,
  ): Promise<VerifiablePresentation>
  /** Judges a credential, its status included, whatever its encoding. */
  verifyCredential(
    args: IVerifyCredentialArgs,
    context: VerifierAgentContext,
  ): Promise<AsobaVerifyResult>
  /** Judges a presentation and all in it. @throws TypeError without `domain` or `challenge` */
  verifyPresentation(
    args: IVerifyPresentationArgs & { domain: string; challenge: string },
    context: VerifierAgentContext,
  ): Promise<AsobaVerifyResult>
  /** The proof formats that the keys of a DID can make, each once. */
  listUsableProofFormats(did: IIdentifier, context: IssuerAgentContext): Promise<string[]>
  /** Whether a credential still holds; what cannot be read counts as revoked. */
  checkCredentialStatus(
    args: ICheckCredentialStatusArgs,
    context: VerifierAgentContext,
  ): Promise<CredentialStatus>
}

/** What {@link asobaCredentials} is made of. */
export interface AsobaCredentialsOptions extends AsobaRoles {
  /** The providers of this package, in any order. */
  readonly providers: readonly ICredentialProvider[]
  /** For `checkCredentialStatus`, which Veramo's own plugin asks; the providers have their own. */
  readonly policy: AsobaPolicy
}

/** A plugin with its methods in its type, which `MethodsOf` reads. */
export type AsobaPlugin<Methods extends IPluginMethodMap> = IAgentPlugin & {
  readonly methods: Methods
}

/**
 * Takes the place of Veramo's `CredentialPlugin`: no object of the caller is written to, nothing is
 * added to a credential, a document goes to the one provider that claims it or is refused, and
 * every result is JSON. With roles it also has the methods of {@link IAsobaRoles}.
 *
 * @throws TypeError where two providers make one proof format, or the policy leaves something out
 */
export function asobaCredentials(
  options: AsobaCredentialsOptions,
): AsobaPlugin<IAsobaCredentials & IAsobaRoles> {
  const { providers, policy } = options
  checkPolicy(policy)
  const issuing = (proofFormat: string): ICredentialProvider => {
    const [first, ...others] = providers.filter((one) => one.canIssueProofFormat({ proofFormat }))
    if (first === undefined || others.length > 0) {
      throw new TypeError('not exactly one provider makes this proof format')
    }
    return first
  }
  const reading = (document: unknown): ICredentialProvider | undefined => {
    const able = providers.filter((one) =>
      one.canVerifyDocumentType({ document: document as never }),
    )
    return able.length === 1 ? able[0] : undefined
  }

  const methods: IAsobaCredentials = {
    async createVerifiableCredential(args, context) {
      const provider = issuing(args.proofFormat)
      const credential = asJson(args.credential) as unknown as typeof args.credential
      const made = await provider.createVerifiableCredential({ ...args, credential }, context)
      if (args.save === true) {
        await context.agent.dataStoreSaveVerifiableCredential({ verifiableCredential: made })
      }
      return made
    },
    async createVerifiablePresentation(args, context) {
      const provider = issuing(args.proofFormat)
      addressOf(args)
      const presentation = asJson(args.presentation) as unknown as typeof args.presentation
      const made = await provider.createVerifiablePresentation({ ...args, presentation }, context)
      if (args.save === true) {
        await context.agent.dataStoreSaveVerifiablePresentation({ verifiablePresentation: made })
      }
      return made
    },
    async verifyCredential(args, context) {
      const provider = reading(args.credential)
      if (provider === undefined) return nobodys
      return asResult(await provider.verifyCredential(args, context))
    },
    async verifyPresentation(args, context) {
      addressOf(args)
      const provider = reading(args.presentation)
      if (provider === undefined) return nobodys
      return asResult(await provider.verifyPresentation(args, context))
    },
    listUsableProofFormats: async ({ keys }) => [
      ...new Set(
        keys.flatMap((key) => providers.flatMap((one) => one.getProofFormatsSupportedForKey(key))),
      ),
    ],
    checkCredentialStatus: ({ credential }, { agent }) =>
      checkStatusOf(credential, policy, agent as never),
  }
  return { methods: { ...methods, ...roleMethods(options) }, schema }
}

/**
 * `checkCredentialStatus` alone, for an agent with Veramo's own `CredentialPlugin`, which asks for
 * it where a credential is an object that has a status. What cannot be read counts as revoked.
 *
 * @throws TypeError where the policy leaves something out
 */
export function asobaStatus(
  policy: AsobaPolicy,
): AsobaPlugin<Pick<IAsobaCredentials, 'checkCredentialStatus'>> {
  checkPolicy(policy)
  return {
    methods: {
      checkCredentialStatus: ({ credential }, { agent }) =>
        checkStatusOf(credential, policy, agent as never),
    },
  }
}

const nobodys: AsobaVerifyResult = refusedResult(
  refused([problem('presentation.malformed', 'not exactly one provider reads this document')]),
)

function asResult(found: object): AsobaVerifyResult {
  return asJson(found) as unknown as AsobaVerifyResult
}

async function checkStatusOf(
  document: unknown,
  policy: AsobaPolicy,
  agent: Parameters<typeof judgeStatus>[2],
): Promise<CredentialStatus> {
  const now = (policy.now ?? (() => new Date()))()
  const credential = isJsonObject(document) ? document : ({} as JsonObject)
  const { entries, problems } = readStatus(credential, undefined)
  const names = stringsOf(credential['type'])
  const type = policy.types.find(({ vcdmType }) => names.includes(vcdmType))?.name
  const issuer = idOf(credential['issuer']) ?? ''
  const subject = {
    issuer,
    type: type ?? names.at(-1) ?? '',
    mechanism: 'did',
    status: entries,
  } as const
  const judged = await judgeStatus(subject, policy, agent, now)
  const holds = problems.length === 0 && judged.problems.length === 0
  const [first] = [...problems, ...judged.problems]
  return { revoked: !holds, verified: holds, ...(first && { errorCode: first.code }) }
}
