import { AsobaError, isJsonObject, type Json, type JsonObject, parseJson } from '@asoba/core'
import { signJcsProof } from '../jcs-proof.ts'
import { versionsOf, type WebvhSigning } from './append.ts'
import { multikeyOfMethod } from './did-key.ts'
import type { WebvhVersion } from './verify-entry.ts'

/** What a witness knows and signs with. */
export interface WitnessProofOptions extends WebvhSigning {
  /**
   * The witness's own copy of the log as it saw it last; `undefined` for a new DID. The
   * candidate must continue it: a witness never signs two children of one version.
   */
  readonly known: string | undefined
}

/** A witness's approval of one version. */
export interface WitnessApproval {
  readonly versionId: string
  readonly proof: JsonObject
}

/**
 * Approves the last version of a candidate log, as one of the witnesses that it needs.
 * The whole log is verified; whether the change itself is welcome is for the witness.
 *
 * @param candidate the log with the new version that is not published yet
 * @throws AsobaError `did.webvh-invalid` where the log is not valid, does not continue what the
 * witness knows, or the signer is no witness of that version
 * @see https://identity.foundation/didwebvh/v1.0/#witnessing-a-did-version-update
 */
export async function witnessProof(
  candidate: string,
  options: WitnessProofOptions,
): Promise<WitnessApproval> {
  const { known = '', signer, now } = options
  const last = (await versionsOf(candidate, options)).at(-1) as WebvhVersion
  const start = known === '' || known.endsWith('\n') ? known : `${known}\n`
  if (!candidate.startsWith(start)) {
    throw new AsobaError('did.webvh-invalid', 'the log does not continue the one known before')
  }
  const id = `did:key:${multikeyOfMethod(signer.verificationMethod)}`
  if (last.witnessedBy?.witnesses.some((one) => one.id === id) !== true) {
    throw new AsobaError('did.webvh-invalid', 'the signer is no witness of this version')
  }
  const { versionId } = last
  const proof = await signJcsProof(
    { versionId },
    { signer, proofPurpose: 'assertionMethod', created: now },
  )
  return { versionId, proof }
}

/**
 * `did-witness.json` with one more approval; publish it before the log that it is for.
 * An approval by the same witness of the same version is replaced.
 *
 * @param file the file until now; `undefined` where there is none
 * @throws TypeError where the file is no witness file
 */
export function addWitnessProof(file: string | undefined, approval: WitnessApproval): string {
  const records = file === undefined ? [] : parseJson(file)
  if (!Array.isArray(records) || !records.every(isJsonObject)) {
    throw new TypeError('expected the text of a did-witness.json')
  }
  const { versionId, proof } = approval
  const proofsOf = (record: JsonObject | undefined): readonly Json[] =>
    Array.isArray(record?.['proof']) ? (record['proof'] as readonly Json[]) : []
  const others = records.filter((record) => record['versionId'] !== versionId)
  const kept = proofsOf(records.find((record) => record['versionId'] === versionId)).filter(
    (one) => isJsonObject(one) && one['verificationMethod'] !== proof['verificationMethod'],
  )
  return JSON.stringify([...others, { versionId, proof: [...kept, proof] }])
}
