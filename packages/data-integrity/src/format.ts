import {
  AsobaError,
  baseContext,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  isJsonObject,
  type JsonObject,
  refused,
  type SecuredCredential,
  type SecureInput,
  type SignatureBackend,
  type Signer,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
} from '@asoba/core'
import {
  anyTime,
  bearer,
  bindsMore,
  boundToMore,
  idOf,
  listOf,
  onlyPresent,
  periodOf,
  single,
  stringsOf,
  subjectsOf,
  wholeDays,
  writeStatus,
} from '@asoba/core/judge'
import { baseContextV1 } from '@asoba/core/v1'
import { holderSigner, prepareHolderKeyOf, proofOfSubject, subjectOfProof } from '@asoba/did'
import { addProof } from './add-proof.ts'
import { pointersOf, withholdable } from './claims-pointers.ts'
import { type Cryptosuite, isProofOf } from './cryptosuite.ts'
import { deriveProof } from './derive-proof.ts'
import { ecdsaJcs2019 } from './suites/ecdsa.ts'
import { eddsaJcs2022 } from './suites/eddsa.ts'
import { isOld, validityOf, verifyCredential } from './verify-credential.ts'
import { verifyPresentation } from './verify-presentation.ts'

/** Options of {@link ldpVc}. */
export interface LdpVcOptions<Name extends string> {
  /** Of the credentials. */
  readonly suite: Cryptosuite<Name, Signer>
  /** Needed to issue; a wallet or a verifier has none. */
  readonly signer?: Signer
  /**
   * Of holders' proofs. A wallet signs with the first that fits its key; those over JSON, which are
   * the default, need none of the contexts of the credential.
   */
  readonly presentationSuites?: readonly Cryptosuite<string, Signer>[]
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/**
 * The VC data model secured by Data Integrity proofs of one cryptosuite, presented by the holder's
 * own proof with exactly one credential. Credentials are issued in the data model 2.0, with whole
 * days and without `created`, so that copies have nothing in common; 1.1 is read.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html appendix B.1.3.2
 */
export function ldpVc<Name extends string>(
  options: LdpVcOptions<Name>,
): CredentialFormat<`ldp_vc/${Name}`> {
  const { suite, signer, backend } = options
  const presentationSuites = options.presentationSuites ?? [eddsaJcs2022(), ecdsaJcs2019()]
  const id = `ldp_vc/${suite.name}` as const
  const own = (wire: unknown): boolean => isOf(suite, wire)
  return {
    id,
    dcqlFormat: 'ldp_vc',
    countedBy: 'credential',
    recognises: (wire) => own(wire) || own(onlyCredentialOf(wire)),
    async secure(input, holder) {
      if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
      return { format: id, wire: await secure(input, holder, suite, signer) }
    },
    view: ({ wire }) => viewOf(suite, read(suite, wire)),
    prepareHolder: (secrets) =>
      prepareHolderKeyOf(suite.algorithms.includes('ES256') ? 'ES256' : 'EdDSA', secrets),
    async present({ wire }, disclose, to, retained) {
      onlyPresent(to)
      const credential = read(suite, wire)
      const [holder = ''] = subjectsOf(credential).flatMap((one) => idOf(one) ?? [])
      const key = await holderSigner(retained, holder)
      const fitting = presentationSuites.find(({ algorithms }) =>
        algorithms.includes(key.algorithm),
      )
      if (fitting === undefined) throw new TypeError('no suite for presentations fits the key')
      const shown =
        suite.derive === undefined
          ? credential
          : await deriveProof(credential, { suite, pointers: pointersOf(credential, disclose) })
      const presentation: JsonObject = {
        '@context': [isOld(listOf(credential['@context'])) ? baseContextV1 : baseContext],
        type: ['VerifiablePresentation'],
        holder,
        verifiableCredential: [shown],
      }
      const proven = await addProof(presentation, {
        suite: fitting,
        signer: key,
        proofPurpose: 'authentication',
        created: to.now,
        domain: to.audience,
        challenge: to.nonce,
      })
      return { format: id, wire: proven }
    },
    verify: (presented, context) =>
      verify(presented, { ...context, suites: [suite], presentationSuites, backend }, id),
  }
}

async function verify(
  presented: unknown,
  given: VerificationContext & {
    readonly suites: readonly Cryptosuite[]
    readonly presentationSuites: readonly Cryptosuite[]
    readonly backend: SignatureBackend | undefined
  },
  format: string,
): Promise<Verified<VerifiedCredential>> {
  const { backend, ...rest } = given
  const context = { ...rest, ...(backend !== undefined && { backend }) }
  if (bindsMore(context)) return refused([boundToMore])
  if (isJsonObject(presented) && stringsOf(presented['type']).includes('VerifiableCredential')) {
    return bearer(await verifyCredential(presented, context), context, format)
  }
  const presentation = await verifyPresentation(presented, context)
  return presentation.verified ? single(presentation, format) : presentation
}

async function secure(
  input: SecureInput,
  holder: HolderProof,
  suite: Cryptosuite<string, Signer>,
  signer: Signer,
): Promise<JsonObject> {
  const { type, issuer, claims, validFrom, validUntil, status } = input
  const id = subjectOfProof(holder)
  if (status?.kind === 'token-status-list') {
    throw new TypeError('a credential with Data Integrity has its status in a bitstring list')
  }
  const credential: JsonObject = {
    '@context': type.contexts,
    type: type.types,
    issuer,
    ...wholeDays(validFrom, validUntil),
    credentialSubject: { ...(id !== undefined && { id }), type: type.subjectTypes, ...claims },
    ...(status && writeStatus(status)),
  }
  const never = type.claims.filter(({ disclosable }) => disclosable === 'never')
  const mandatoryPointers = [
    '/issuer',
    '/validFrom',
    '/validUntil',
    ...(status === undefined ? [] : ['/credentialStatus']),
    // The subject itself, whatever of its claims is shown.
    `/credentialSubject/${id === undefined ? 'type' : 'id'}`,
    ...pointersOf(
      credential,
      never.map(({ path }) => ['credentialSubject', ...path]),
    ),
  ]
  return addProof(credential, {
    suite,
    signer,
    proofPurpose: 'assertionMethod',
    ...(suite.derive !== undefined && { mandatoryPointers }),
  })
}

function viewOf(suite: Cryptosuite, document: JsonObject): CredentialView {
  const { proof, ...credential } = document
  const { validFrom, validUntil } = periodOf(
    {},
    validityOf(credential, isOld(listOf(credential['@context']))),
    anyTime,
  )
  const [subject] = subjectsOf(credential)
  const [first] = listOf(proof).filter(isJsonObject)
  const mandatory = first && suite.mandatoryPointersOf?.(first)
  return {
    dcqlFormat: 'ldp_vc',
    vcts: [],
    types: stringsOf(credential['type']),
    cryptosuite: suite.name,
    issuer: idOf(credential['issuer']) ?? '',
    claims: credential,
    disclosable: mandatory === undefined ? [] : withholdable(credential, mandatory),
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    authorityKeyIds: [],
    holder: proofOfSubject(idOf(subject)),
  }
}

/** Its first proof says of which suite a credential is, so that two formats never claim one. */
function isOf(suite: Cryptosuite, wire: unknown): boolean {
  if (!isJsonObject(wire) || !stringsOf(wire['type']).includes('VerifiableCredential')) return false
  const [first] = listOf(wire['proof'])
  return isJsonObject(first) && isProofOf(suite, first)
}

function onlyCredentialOf(wire: unknown): unknown {
  if (!isJsonObject(wire) || !stringsOf(wire['type']).includes('VerifiablePresentation')) {
    return undefined
  }
  const [only, ...others] = listOf(wire['verifiableCredential'])
  return others.length === 0 ? only : undefined
}

function read(suite: Cryptosuite, wire: SecuredCredential['wire']): JsonObject {
  if (isOf(suite, wire)) return wire as JsonObject
  throw new AsobaError('credential.malformed', 'it is no credential of this cryptosuite')
}
