import {
  fromUtf8,
  isJsonObject,
  type JsonObject,
  type Problem,
  parseJson,
  problem,
  type SignatureBackend,
} from '@asoba/core'
import { verifyJcsProof } from '../jcs-proof.ts'
import { ed25519OfDidKey, multikeyOfMethod } from './did-key.ts'
import { defaultMaxBytes, type WebvhLimits } from './log-entry.ts'
import type { WebvhVersion } from './verify-entry.ts'

/**
 * Problems of the versions that had to be witnessed: `did.webvh-unwitnessed` with the
 * index of the first version whose threshold is not met.
 *
 * A proof for a version approves every version before it too, so it is enough to know
 * of each witness the last published version that it signed.
 *
 * @param versions all else of them is verified
 * @param file `did-witness.json`; `undefined` where there is none
 * @see https://identity.foundation/didwebvh/v1.0/#verifying-witness-proofs-during-resolution
 */
export async function verifyWitnesses(
  versions: readonly WebvhVersion[],
  file: string | Uint8Array | undefined,
  options: { readonly backend?: SignatureBackend; readonly limits?: WebvhLimits },
): Promise<{ readonly at: number; readonly problem: Problem } | undefined> {
  const lists = versions.flatMap((version) => version.witnessedBy ?? [])
  if (lists.length === 0) return undefined
  const approvals = approvalsIn(file, versions, options.limits)
  const reach = new Map<string, number>()
  for (const { id } of lists.flatMap((list) => list.witnesses)) {
    if (!reach.has(id)) reach.set(id, await reachOf(id, approvals.get(id) ?? [], options.backend))
  }
  for (const [at, { witnessedBy, versionNumber }] of versions.entries()) {
    if (witnessedBy === undefined) continue
    const approving = witnessedBy.witnesses.filter(
      ({ id }) => (reach.get(id) ?? 0) >= versionNumber,
    )
    if (approving.length < witnessedBy.threshold) {
      const detail = 'fewer witnesses than the threshold approved a version'
      return { at, problem: problem('did.webvh-unwitnessed', detail, `/${at}`) }
    }
  }
  return undefined
}

interface Approval {
  readonly version: WebvhVersion
  readonly proof: JsonObject
}

const maxProofsOfWitness = 4096

/** Claimed approvals by witness, the latest version first. Versions not in this log are passed over. */
function approvalsIn(
  file: string | Uint8Array | undefined,
  versions: readonly WebvhVersion[],
  limits: WebvhLimits = {},
): ReadonlyMap<string, readonly Approval[]> {
  const approvals = new Map<string, Approval[]>()
  const text = typeof file === 'string' || file === undefined ? file : fromUtf8(file)
  const json = parseJson(text ?? '', { maxLength: limits.maxBytes ?? defaultMaxBytes })
  const byId = new Map(versions.map((version) => [version.versionId, version]))
  for (const record of Array.isArray(json) ? (json as readonly unknown[]) : []) {
    const version = isJsonObject(record) ? byId.get(String(record['versionId'])) : undefined
    const proofs = isJsonObject(record) ? record['proof'] : undefined
    if (version === undefined || !Array.isArray(proofs)) continue
    for (const proof of proofs as readonly unknown[]) {
      const multikey = isJsonObject(proof)
        ? multikeyOfMethod(proof['verificationMethod'])
        : undefined
      if (!isJsonObject(proof) || multikey === undefined) continue
      const id = `did:key:${multikey}`
      const list = approvals.get(id) ?? []
      if (list.length < maxProofsOfWitness) list.push({ version, proof })
      approvals.set(id, list)
    }
  }
  for (const list of approvals.values()) {
    list.sort((a, b) => b.version.versionNumber - a.version.versionNumber)
  }
  return approvals
}

/** The last version that a witness rightly signed; 0 for none. */
async function reachOf(
  id: string,
  approvals: readonly Approval[],
  backend: SignatureBackend | undefined,
): Promise<number> {
  // The key is in the did:key itself; no DID is resolved for it.
  const publicJwk = ed25519OfDidKey(id)
  if (publicJwk === undefined) return 0
  for (const { version, proof } of approvals) {
    const { versionId, versionNumber, versionTime } = version
    const result = await verifyJcsProof({ versionId }, proof, {
      publicJwk,
      proofPurpose: 'assertionMethod',
      now: new Date(versionTime),
      ...(backend === undefined ? {} : { backend }),
    })
    if (result.verified) return versionNumber
  }
  return 0
}
