// A holder that does not keep to the rules, at the level of credentials: what is shown has one claim
// more than was issued, made from a secret that the holder chose for it.
import { integerOf, typescriptCurve } from '@asoba/bls12-381'
import { isJsonObject, type JsonObject, type PresentationContext, utf8 } from '@asoba/core'
import { canonicalizeWithLabels, givenLabels } from '@asoba/data-integrity/primitives'
import { type BbsCredentialType, readParts, type Settings } from '../../src/format/profiles.ts'
import { type RandomScalars, randomScalars } from '../../src/scheme/prove.ts'
import { messageScalars, settingOf } from '../../src/scheme/suite.ts'
import { mandatoryPointers } from '../../src/shape/specimen.ts'
import { disclose } from '../../src/suite/disclose.ts'
import { presentationHeader } from '../../src/suite/presentation-header.ts'
import { decodeBaseProof, encodeDerivedProof } from '../../src/suite/proof-value.ts'
import { baseProofData } from '../../src/suite/sign-base.ts'
import { acceptedByTheDraft, forge } from '../scheme/malicious.ts'

/** A claim of the subject that was never issued with this value. */
export interface Lie {
  readonly name: string
  readonly value: string
}

/** Sorts after every other statement of the subject, so that its index can be the highest. */
export const olderThanIssued: Lie = { name: 'birthdate', value: '1960-01-01' }

/** What the holder of a base credential knows, and made up. */
export interface Liar {
  readonly wire: JsonObject
  readonly blind: Uint8Array
  /** The committed secret without nyms, else nym secrets with the issuer's entropy in the last. */
  readonly secrets: readonly Uint8Array[]
}

/** The statement that a lie is, under the fixed labels: what the secret is made from. */
export async function statementOf(
  { processor }: Settings,
  type: BbsCredentialType,
  { name, value }: Lie,
): Promise<Uint8Array> {
  const subject = { type: [...type.subjectTypes], citizen: true, [name]: value }
  const document = {
    '@context': [...type.contexts],
    type: [...type.types],
    credentialSubject: subject,
  }
  const { statements } = await underFixedLabels(processor, document)
  const found = statements.find((line) => line.includes(`"${value}"`))
  if (found === undefined) throw new Error('the lie has no statement')
  return utf8(found)
}

/**
 * Shows `citizen` as it was issued, and the lie at a place that no message of the issuer has: L is
 * the blinding factor, L + 1 what was committed to first.
 */
export async function forgeCredential(
  settings: Settings,
  { wire, blind, secrets }: Liar,
  options: {
    readonly to: PresentationContext
    readonly scope: string
    readonly lie: Lie
    readonly place: 'blind' | 'committed'
    readonly random?: RandomScalars
  },
): Promise<{ readonly shown: JsonObject; readonly acceptedByTheDraft: boolean }> {
  const { to, scope, lie, place, random = randomScalars } = options
  const { credential, proof, type } = readParts(wire, settings)
  const { processor, feature, nyms } = settings
  const base = decodeBaseProof(feature, proof['proofValue'])
  if (base === undefined) throw new Error('no base proof')
  const pointers = ['/credentialSubject/citizen']
  const honest = await disclose(processor, credential, { base, pointers })
  const told = await canonicalizeWithLabels(processor, honest.document, givenLabels(honest.labels))
  const mandatory = new Set(honest.mandatoryIndexes.map((at) => told[at]))
  const issued = told.filter((line) => !mandatory.has(line))

  const { credentialSubject: subject } = honest.document
  const document = {
    ...honest.document,
    credentialSubject: { ...(isJsonObject(subject) ? subject : {}), [lie.name]: lie.value },
  }
  const { statements, labels } = await underFixedLabels(processor, document)
  const { profile, messages: count } = await settings.shapeOf(type)
  const slot = count + (place === 'blind' ? 0 : 1)
  const shownAt = (line: string): number => honest.selectiveIndexes[issued.indexOf(line)] ?? slot
  const messages = statements.filter((line) => !mandatory.has(line))
  const selectiveIndexes = messages.map(shownAt)

  const { header, messages: signed } = await baseProofData(processor, {
    document: credential,
    proof,
    mandatoryPointers,
    hmacKey: base.hmacKey,
  })
  const { api } = settingOf(profile, typescriptCurve)
  const bound = await presentationHeader(to)
  const common = {
    publicKey: base.publicKey,
    header,
    presentationHeader: bound,
    ...(nyms > 0 && { scope: utf8(scope) }),
  }
  const scalars = [
    ...messageScalars(api, signed),
    integerOf(blind),
    ...(nyms > 0 ? secrets.map(integerOf) : messageScalars(api, secrets)),
  ]
  const made = forge(profile, common, base.signature, scalars, selectiveIndexes, random)
  const proofValue = encodeDerivedProof(feature, {
    proof: made.proof,
    labels,
    mandatoryIndexes: statements.flatMap((line, at) => (mandatory.has(line) ? at : [])),
    selectiveIndexes,
    presentationHeader: bound,
    messages: count,
    ...(nyms > 0 && { nym: { domain: scope, pseudonym: made.pseudonym } }),
  })
  const statement = {
    ...common,
    proof: made.proof,
    pseudonym: made.pseudonym,
    disclosed: messages.map((line) => ({ index: shownAt(line), message: utf8(line) })),
    disclosedCommitted: [],
  }
  return {
    shown: { ...document, proof: { ...proof, proofValue } },
    acceptedByTheDraft: acceptedByTheDraft(profile, statement),
  }
}

/** Canonical statements of a credential with its subject alone, which are `b0` and `b1`. */
async function underFixedLabels(
  processor: Settings['processor'],
  document: JsonObject,
): Promise<{
  readonly statements: readonly string[]
  readonly labels: ReadonlyMap<string, string>
}> {
  for (const [first, second] of [
    ['b0', 'b1'],
    ['b1', 'b0'],
  ] as const) {
    const labels = new Map([
      ['c14n0', first],
      ['c14n1', second],
    ])
    const statements = await canonicalizeWithLabels(processor, document, givenLabels(labels))
    const connects = /^_:b0 <https:\/\/www\.w3\.org\/2018\/credentials#credentialSubject> _:b1 /
    if (statements.some((line) => connects.test(line))) return { statements, labels }
  }
  throw new Error('there are other nodes')
}
