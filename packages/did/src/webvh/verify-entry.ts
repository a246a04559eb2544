import { type JsonObject, type Problem, problem, type SignatureBackend } from '@asoba/core'
import { verifyJcsProof } from '../jcs-proof.ts'
import { ed25519OfMultikey, multikeyOfMethod } from './did-key.ts'
import { entryHash, hash58, scidOfEntry } from './hash.ts'
import { parseWebvhDid, placeholder, type WebvhHostOptions } from './identifier.ts'
import type { LogEntry } from './log-entry.ts'
import { readParameters, type WebvhParameters, type WebvhWitness } from './parameters.ts'
import { parseUtc } from './time.ts'

/** One verified version of a DID. */
export interface WebvhVersion {
  readonly versionId: string
  /** 1 for the first. */
  readonly versionNumber: number
  /** As published. */
  readonly versionTime: string
  readonly document: JsonObject
  /** In force after this version. */
  readonly parameters: WebvhParameters
  /** Who had to approve this version; `undefined` where nobody had to. */
  readonly witnessedBy: WebvhWitness | undefined
}

/** What the verification of one entry needs beside the entry. */
export interface EntryContext extends WebvhHostOptions {
  /** The version before; `undefined` for the first entry. */
  readonly before: WebvhVersion | undefined
  readonly now: Date
  /** Seconds that a `versionTime` may lie ahead of `now`. */
  readonly clockTolerance: number
  readonly backend?: SignatureBackend
}

const versionIdSyntax = /^([1-9]\d{0,9})-[1-9A-HJ-NP-Za-km-z]{46}$/

/**
 * Verifies one entry against the version before it, except its witnesses.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#read-resolve
 */
export async function verifyEntry(
  entry: LogEntry,
  context: EntryContext,
): Promise<{ readonly version: WebvhVersion; readonly problems: readonly Problem[] }> {
  const { before } = context
  // 1: the parameters.
  const { parameters, problems: parameterProblems } = readParameters(
    entry.parameters,
    before?.parameters,
  )
  const problems: Problem[] = [...parameterProblems]
  const wrong = (path: string, detail: string): void => {
    problems.push(problem('did.webvh-invalid', detail, path))
  }
  if (before?.parameters.deactivated === true) wrong('', 'an entry follows the deactivation')

  // 2: the proofs, each by an authorised key.
  const preRotated = (before?.parameters.nextKeyHashes.length ?? 0) > 0
  const keys =
    before === undefined || preRotated ? parameters.updateKeys : before.parameters.updateKeys
  problems.push(...(await verifyProofs(entry, keys, context)))

  // 3: the version number and the hash that chains the entries.
  const versionNumber = (before?.versionNumber ?? 0) + 1
  const [, number] = versionIdSyntax.exec(entry.versionId) ?? []
  if (number !== String(versionNumber)) {
    wrong('/versionId', 'the version number is not the next one')
  }
  const hash = await entryHash(entry.json, before?.versionId ?? parameters.scid).catch(none)
  if (hash === undefined || entry.versionId.split('-')[1] !== hash) {
    wrong('/versionId', 'the hash of the entry is not the one in its versionId')
  }

  // 4: the time, of every entry.
  const time = parseUtc(entry.versionTime)
  const last = parseUtc(before?.versionTime) ?? Number.NEGATIVE_INFINITY
  if (time === undefined) wrong('/versionTime', 'versionTime is no UTC time')
  else if (time <= last) wrong('/versionTime', 'versionTime is not after that of the entry before')
  else if (time > context.now.getTime() + context.clockTolerance * 1000) {
    wrong('/versionTime', 'versionTime is in the future')
  }

  // 5: the SCID is the hash of the first entry.
  if (before === undefined) {
    // A placeholder left over would let two different first entries share one SCID.
    const left = JSON.stringify(entry.json).includes(placeholder)
    const { scid } = parameters
    const hashed = scid === '' ? undefined : await scidOfEntry(entry.json, scid).catch(none)
    if (left || hashed !== scid) {
      wrong('/parameters/scid', 'the SCID is not the hash of the first entry')
    }
  }

  // 6: whose document it is.
  const id = entry.state['id']
  const parsed = typeof id === 'string' ? parseWebvhDid(id, context) : undefined
  if (parsed === undefined) wrong('/state/id', 'the id of the document is no did:webvh DID')
  else if (parsed.scid !== parameters.scid) {
    wrong('/state/id', 'the id of the document has another SCID')
  } else if (before !== undefined && id !== before.document['id']) {
    moveProblems(entry.state, before, parameters).forEach((detail) => {
      wrong('/state/id', detail)
    })
  }

  // 7: pre-rotation: every key was committed to by the entry before.
  if (before !== undefined && preRotated) {
    const hashes = await Promise.all(parameters.updateKeys.map(hash58))
    if (!hashes.every((one) => before.parameters.nextKeyHashes.includes(one))) {
      wrong('/parameters/updateKeys', 'an update key was not committed to by the entry before')
    }
  }

  // A new list of witnesses judges the versions after this one; only a first list does so at once.
  const witnessedBy = before?.parameters.witness ?? parameters.witness
  const version: WebvhVersion = {
    versionId: entry.versionId,
    versionNumber,
    versionTime: String(entry.versionTime),
    document: entry.state,
    parameters,
    witnessedBy,
  }
  return { version, problems }
}

/** What cannot be canonicalised has no hash. */
function none(): undefined {
  return undefined
}

/** @see https://identity.foundation/didwebvh/v1.0/#did-portability */
function moveProblems(
  document: JsonObject,
  before: WebvhVersion,
  parameters: WebvhParameters,
): string[] {
  const details: string[] = []
  if (!before.parameters.portable || !parameters.portable) {
    details.push('the DID moved, but it is not portable')
  }
  const names = document['alsoKnownAs']
  if (!Array.isArray(names) || !names.includes(before.document['id'])) {
    details.push('the DID moved, but alsoKnownAs does not name the DID before')
  }
  return details
}

/** @see https://identity.foundation/didwebvh/v1.0/#authorized-keys */
async function verifyProofs(
  entry: LogEntry,
  keys: readonly string[],
  { now, backend }: EntryContext,
): Promise<Problem[]> {
  const problems: Problem[] = []
  const { proof: _proof, ...document } = entry.json
  // Not one good proof among bad ones: each must be right, and each key authorised.
  for (const [at, proof] of entry.proofs.entries()) {
    const path = `/proof/${at}`
    const multikey = multikeyOfMethod(proof['verificationMethod'])
    const publicJwk = multikey === undefined ? undefined : ed25519OfMultikey(multikey)
    if (multikey === undefined || publicJwk === undefined || !keys.includes(multikey)) {
      const detail = 'the proof is not by a key that may update the DID'
      problems.push(problem('did.webvh-invalid', detail, `${path}/verificationMethod`))
      continue
    }
    const result = await verifyJcsProof(document, proof, {
      publicJwk,
      proofPurpose: 'assertionMethod',
      // An old entry does not fall because a proof has run out since.
      now: new Date(Math.min(parseUtc(entry.versionTime) ?? now.getTime(), now.getTime())),
      ...(backend === undefined ? {} : { backend }),
    })
    if (!result.verified) {
      problems.push(...result.problems.map((one) => ({ ...one, path: `${path}${one.path ?? ''}` })))
    }
  }
  return problems
}
