import {
  AsobaError,
  type BbsSigner,
  isJsonObject,
  type Json,
  type JsonObject,
  type Signer,
} from '@asoba/core'
import { dateTime, listOf } from '@asoba/core/judge'
import type { Cryptosuite } from './cryptosuite.ts'
import { type HideableMember, mandatoryOf } from './mandatory.ts'

/** How {@link addProof} makes a proof. */
export interface AddProofOptions<Key extends Signer | BbsSigner = Signer | BbsSigner> {
  readonly suite: Cryptosuite<string, Key>
  /** Its `verificationMethod` goes into the proof. */
  readonly signer: Key
  /** `assertionMethod` for a credential, `authentication` for a presentation, … */
  readonly proofPurpose: string
  /** Left out of the proof where left out here: a time of one's own tells copies apart. */
  readonly created?: Date
  readonly expires?: Date
  /** For whom it is made. */
  readonly domain?: string | readonly string[]
  /** What it answers. */
  readonly challenge?: string
  /** Name of the proof, a URL, for others to build on. */
  readonly id?: string
  /** Names of the proofs in the document that this one builds on. */
  readonly previousProof?: string | readonly string[]
  /**
   * For a suite with selective disclosure: JSON pointers to what is always shown. Of a credential
   * its type, issuer, validity, status, schema, refresh service and terms of use are always shown as
   * well, but for those in `hideable`; a list that leaves out the end or the status is an error.
   */
  readonly mandatoryPointers?: readonly string[]
  /**
   * For a suite with selective disclosure: what of a credential its holder may hide although
   * everybody would expect to see it; nothing where left out. What `mandatoryPointers` lead to is
   * shown all the same.
   */
  readonly hideable?: readonly HideableMember[]
}

/**
 * The document with one more proof: the first, or another one of a set, or, with `previousProof`,
 * of a chain. The document given is not changed.
 *
 * With selective disclosure a credential is one that its holder cannot show as another: without its
 * end, say. So it is signed only in compact form (VC data model 2.0, 1.3), where every such member
 * has its one name and place.
 *
 * @throws TypeError where the signer is not for the suite, `previousProof` names none of the document,
 * `mandatoryPointers` leaves out the end or the status of a credential that `hideable` does not name,
 * or the suite has no selective disclosure and is given either
 * @throws AsobaError `credential.malformed` where its proofs are none, or for selective disclosure it is
 * a credential that is not in compact form, with the JSON pointer; and what the suite throws
 * @see https://www.w3.org/TR/vc-data-integrity/#add-proof
 * @see https://www.w3.org/TR/vc-data-integrity/#add-proof-set-chain
 */
export async function addProof<Key extends Signer | BbsSigner>(
  document: JsonObject,
  options: AddProofOptions<Key>,
): Promise<JsonObject & { readonly proof: Json }> {
  const { suite, signer, proofPurpose, created, expires, domain, challenge, id } = options
  const { previousProof } = options
  if (!suite.algorithms.includes('algorithm' in signer ? signer.algorithm : 'BBS')) {
    throw new TypeError('the signer is not for this cryptosuite')
  }
  const { proof: before, ...unsecured } = document
  const all = listOf(before)
  if (!all.every(isJsonObject)) {
    throw new AsobaError('credential.malformed', 'a proof is an object', { path: '/proof' })
  }
  const context = unsecured['@context']
  const config: JsonObject = {
    ...(id !== undefined && { id }),
    type: 'DataIntegrityProof',
    cryptosuite: suite.name,
    ...(created !== undefined && { created: dateTime(created) }),
    ...(expires !== undefined && { expires: dateTime(expires) }),
    verificationMethod: signer.verificationMethod,
    proofPurpose,
    ...(domain !== undefined && { domain }),
    ...(challenge !== undefined && { challenge }),
    ...(previousProof !== undefined && { previousProof }),
    ...(suite.carriesContext && context !== undefined && { '@context': context }),
  }
  const input = proofInput(unsecured, config, all)
  if (input === undefined) throw new TypeError('previousProof names no proof of the document')
  const mandatoryPointers = pointersFor(unsecured, options)
  const more = mandatoryPointers === undefined ? {} : { mandatoryPointers }
  const proof = { ...config, proofValue: await suite.sign(input, config, signer, more) }
  return { ...unsecured, proof: all.length === 0 ? proof : [...all, proof] }
}

/** What is always shown; a suite without selective disclosure refuses whatever it is given. */
function pointersFor(
  document: JsonObject,
  {
    suite,
    mandatoryPointers,
    hideable,
  }: Pick<AddProofOptions, 'mandatoryPointers' | 'hideable'> & {
    readonly suite: Pick<Cryptosuite, 'derive'>
  },
): readonly string[] | undefined {
  if (suite.derive !== undefined) {
    return mandatoryOf(document, { mandatoryPointers, hideable: hideable ?? [] })
  }
  if (hideable !== undefined) throw new TypeError('the cryptosuite shows every document whole')
  return mandatoryPointers
}

/**
 * What a proof is over: the document, and the proofs that it builds on. Undefined where one of them
 * is not there. The text leaves an empty `proof` where there are none, which no suite means.
 *
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains steps 3.1 to 3.3
 */
export function proofInput(
  unsecured: JsonObject,
  proof: JsonObject,
  all: readonly JsonObject[],
): JsonObject | undefined {
  const names = listOf(proof['previousProof'])
  if (names.length === 0) return unsecured
  const named = (name: Json) => all.filter(({ id }) => typeof id === 'string' && id === name)
  if (names.some((name) => named(name).length !== 1)) return undefined
  return { ...unsecured, proof: all.filter(({ id }) => id !== undefined && names.includes(id)) }
}
