import {
  AsobaError,
  type ClaimsPath,
  type CredentialView,
  concatBytes,
  equalBytes,
  type HolderProof,
  isJsonObject,
  type JsonObject,
  type PresentationContext,
  resolvePath,
  type SecretSource,
  scopeKind,
  serviceScope,
  utf8,
} from '@asoba/core'
import { anyTime, idOf, periodOf, stringsOf } from '@asoba/core/judge'
import { toPointer } from '@asoba/data-integrity/primitives'
import {
  commit,
  type HeldInputs,
  nymSecretsOf,
  type ProofInputs,
  type Proven,
  prove,
  scalarFrom,
  verifyBlindSignature,
} from '../scheme.ts'
import { strippedClaims } from '../shape/complete.ts'
import { hasFixedLabels } from '../shape/labels.ts'
import { disclosablePaths, disclosedPath } from '../shape/parts.ts'
import { mandatoryPointers } from '../shape/specimen.ts'
import { type Disclosure, disclose } from '../suite/disclose.ts'
import { presentationHeader } from '../suite/presentation-header.ts'
import { type BaseProofValue, decodeBaseProof, encodeDerivedProof } from '../suite/proof-value.ts'
import { baseProofData } from '../suite/sign-base.ts'
import { asEverybodyHas, hasOnlyFixedOptions } from './everybodys.ts'
import { readParts, type Settings, type Shape, sameTexts, schemeProfile } from './profiles.ts'

/** A prepared secret in memory: the blinding factor and what was committed to. */
interface Held {
  readonly blind: Uint8Array
  /** Nym secrets; the holder's one secret without nyms. */
  readonly secrets: readonly Uint8Array[]
}

/**
 * A commitment to the holder's secrets. They come from the source by labels that name the issuer
 * and the kind of scopes, so that the same source gives the same commitment and pseudonyms again,
 * and issuers cannot tell that they see one person. Only the proof in it is new every time.
 *
 * @throws TypeError where the issuer is not named
 * @see spec/pseudonyms.md
 */
export async function prepareCommitment(
  { nyms, scopes }: Settings,
  secrets: SecretSource,
  issuer: string | undefined,
): Promise<{ readonly proof: HolderProof; readonly retained: Uint8Array }> {
  if (issuer === undefined || issuer === '') {
    throw new TypeError('a BBS commitment is made for one issuer, which must be named')
  }
  const label = (what: string): string => `bbs/${scopes}/${nyms}/${issuer}/${what}`
  const blind = scalarFrom(await secrets.derive(label('blind'), 48))
  const own: Uint8Array[] = []
  if (nyms === 0) own.push(await secrets.derive(label('secret'), 32))
  for (let at = 0; at < nyms; at++) {
    own.push(scalarFrom(await secrets.derive(label(`nym/${at}`), 48)))
  }
  // L is of no importance for a commitment.
  const commitmentWithProof = commit(schemeProfile(0, nyms), {
    blind,
    committedMessages: nyms === 0 ? own : [],
    nyms: nyms === 0 ? [] : own,
  })
  return {
    proof: { kind: 'bbs-commitment', commitmentWithProof },
    retained: concatBytes(blind, ...own),
  }
}

/** What a wallet may know of a credential. @throws AsobaError `credential.malformed` */
export function viewOf(settings: Settings, wire: unknown): CredentialView {
  const { credential, type } = readParts(wire, settings)
  const { validFrom: from, validUntil: until } = credential
  const { validFrom, validUntil } = periodOf({}, { from, until }, anyTime)
  const { credentialSubject: subject } = credential
  const { type: subjectType, ...own } = isJsonObject(subject) ? subject : {}
  const claims = {
    ...credential,
    credentialSubject: {
      ...(subjectType !== undefined && { type: subjectType }),
      ...strippedClaims(own),
    },
  }
  const disclosable = disclosablePaths(type).flatMap((path) =>
    resolvePath(claims, ['credentialSubject', ...path]).filter(({ value }) => !isJsonObject(value)),
  )
  return {
    dcqlFormat: 'ldp_vc',
    vcts: [],
    types: stringsOf(credential['type']),
    cryptosuite: 'bbs-2023',
    issuer: idOf(credential['issuer']) ?? '',
    claims,
    disclosable,
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    authorityKeyIds: [],
    // The credential does not tell to which commitment it was issued; see `accepts`.
    holder: { kind: 'bbs-commitment', commitmentWithProof: new Uint8Array() },
    ...(settings.nyms > 0 && { pseudonym: settings.scopes }),
  }
}

/**
 * Whether a credential was issued to the prepared secret, its signature holds, and it has nothing
 * by which its issuer could know it again: shape, labels, dates and proof options are those of
 * everybody.
 *
 * @throws AsobaError `credential.malformed`
 * @see spec/bbs-profile.md sections 4 and 6
 */
export async function isOurs(
  settings: Settings,
  wire: unknown,
  retained: Uint8Array,
): Promise<boolean> {
  const { credential, proof, type } = readParts(wire, settings)
  const held = readHeld(settings, retained)
  const base = decodeBaseProof(settings.feature, proof['proofValue'])
  if (held === undefined || base === undefined) return false
  try {
    const everybodys = asEverybodyHas(credential, type)
    if (everybodys === undefined || !hasOnlyFixedOptions(proof, everybodys)) return false
    const { hmacKey } = base
    const epoch = settings.epochDays * 86_400_000
    const from = Date.parse(String(credential['validFrom']))
    const { messages, header } = await baseProofData(settings.processor, {
      document: everybodys,
      proof,
      mandatoryPointers,
      hmacKey,
    })
    return (
      from % epoch === 0 &&
      Date.parse(String(credential['validUntil'])) === from + epoch &&
      sameTexts([...base.mandatoryPointers], mandatoryPointers) &&
      equalBytes(header, base.header) &&
      (await hasFixedLabels(settings.processor, everybodys, hmacKey)) &&
      signatureHolds(await settings.shapeOf(type), { base, held, messages })
    )
  } catch (error) {
    if (error instanceof AsobaError) return false
    throw error
  }
}

/**
 * Derives what is shown.
 *
 * @throws AsobaError `credential.malformed`; `wallet.credential-not-ours` where it was not issued to
 * this secret; `disclosure.pointer-unknown`
 * @throws TypeError where the scope is not of the kind that the nyms are for
 */
export async function presentCredential(
  settings: Settings,
  wire: unknown,
  options: {
    readonly disclose: readonly ClaimsPath[]
    readonly to: PresentationContext
    readonly retained: Uint8Array
  },
): Promise<JsonObject> {
  const { to, retained } = options
  const { credential: received, proof, type } = readParts(wire, settings)
  const scope = to.scope ?? serviceScope(to.audience)
  if (settings.nyms > 0 ? scopeKind(scope) !== settings.scopes : to.scope !== undefined) {
    throw new TypeError('the nyms of this credential are not for this scope')
  }
  const base = decodeBaseProof(settings.feature, proof['proofValue'])
  const held = readHeld(settings, retained)
  const credential = asEverybodyHas(received, type)
  if (base === undefined || held === undefined || credential === undefined) throw notOurs()
  const pointers = new Set(
    options.disclose.flatMap((path) => {
      const [root, ...inside] = path
      const whole = root === 'credentialSubject' ? disclosedPath(type, inside) : undefined
      return whole === undefined
        ? []
        : resolvePath(credential, ['credentialSubject', ...whole])
            .filter(({ value }) => !isJsonObject(value))
            .map(({ path: found }) => toPointer(found))
    }),
  )
  // A credential has a subject, even where nothing is said of it.
  if (pointers.size === 0) pointers.add('/credentialSubject/type')
  const shown = await disclose(settings.processor, credential, { base, pointers: [...pointers] })
  const shape = await settings.shapeOf(type)
  const header = await presentationHeader(to)
  const proven = proofOf(shape, { base, held, shown, header, scope })
  const proofValue = encodeDerivedProof(settings.feature, {
    proof: proven.proof,
    labels: shown.labels,
    mandatoryIndexes: shown.mandatoryIndexes,
    selectiveIndexes: shown.selectiveIndexes,
    presentationHeader: header,
    messages: shape.messages,
    ...(proven.pseudonym && { nym: { domain: scope, pseudonym: proven.pseudonym } }),
  })
  // In one order of members, whatever the order in which they were received.
  const { type: kind, cryptosuite, verificationMethod, proofPurpose } = proof
  const fixed = { type: kind, cryptosuite, verificationMethod, proofPurpose } as JsonObject
  return { ...shown.document, proof: { ...fixed, proofValue } }
}

function proofOf(
  { profile }: Shape,
  input: {
    readonly base: BaseProofValue
    readonly held: Held
    readonly shown: Disclosure
    readonly header: Uint8Array
    readonly scope: string
  },
): Proven<'blind'> | Proven<'pseudonym'> {
  const { base, held, shown, header, scope } = input
  const common = {
    presentationHeader: header,
    disclosed: shown.selectiveIndexes,
    disclosedCommitted: [],
  }
  const { messages } = shown
  if (profile.kind === 'blind') {
    const own: ProofInputs['blind'] = { ...heldBlind({ base, held, messages }), ...common }
    return prove(profile, own)
  }
  const signed = heldNyms(profile, { base, held, messages })
  if (signed === undefined) throw notOurs()
  return prove(profile, { ...signed, ...common, scope: utf8(scope) })
}

interface SignedParts {
  readonly base: BaseProofValue
  readonly held: Held
  readonly messages: readonly Uint8Array[]
}

function signatureHolds({ profile }: Shape, parts: SignedParts): boolean {
  if (profile.kind === 'blind') return verifyBlindSignature(profile, heldBlind(parts))
  const signed = heldNyms(profile, parts)
  return signed !== undefined && verifyBlindSignature(profile, signed)
}

function heldBlind({ base, held, messages }: SignedParts): HeldInputs['blind'] {
  const { publicKey, signature, header } = base
  return {
    publicKey,
    signature,
    header,
    messages,
    blind: held.blind,
    committedMessages: held.secrets,
  }
}

function heldNyms(
  profile: Extract<Shape['profile'], { readonly kind: 'pseudonym' }>,
  { base, held, messages }: SignedParts,
): HeldInputs['pseudonym'] | undefined {
  const { publicKey, signature, header, entropy = new Uint8Array() } = base
  const nymSecrets = nymSecretsOf(profile, { nyms: held.secrets, entropy })
  if (nymSecrets === undefined) return undefined
  const committedMessages: readonly Uint8Array[] = []
  return {
    publicKey,
    signature,
    header,
    messages,
    blind: held.blind,
    committedMessages,
    nymSecrets,
  }
}

function readHeld({ nyms }: Settings, retained: Uint8Array): Held | undefined {
  if (retained.length !== 32 * (1 + Math.max(nyms, 1))) return undefined
  const parts = Array.from({ length: retained.length / 32 }, (_, at) =>
    retained.slice(32 * at, 32 * (at + 1)),
  )
  const [blind, ...secrets] = parts as [Uint8Array, ...Uint8Array[]]
  return { blind, secrets }
}

function notOurs(): AsobaError {
  return new AsobaError(
    'wallet.credential-not-ours',
    'the credential was not issued to this secret of the holder',
  )
}
