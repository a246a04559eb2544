import { AsobaError, type Json, type JsonObject, type Signer } from '@asoba/core'
import { signJcsProof } from '../jcs-proof.ts'
import { multikeyOfMethod } from './did-key.ts'
import { entryHash, hash58 } from './hash.ts'
import type { WebvhHostOptions } from './identifier.ts'
import type { WebvhWitness } from './parameters.ts'
import { formatUtc } from './time.ts'
import type { WebvhVersion } from './verify-entry.ts'
import { verifyEntries } from './verify-log.ts'

/** A log with its last version. */
export interface WebvhLog {
  readonly did: string
  /** Of the last version. */
  readonly document: JsonObject
  readonly versionId: string
  /** The whole of `did.jsonl`. */
  readonly log: string
  /** Its last line, newline included: what is to be appended to the published file. */
  readonly line: string
}

/** Parameters that every new version may set; what is left out stays as it is. */
export interface WebvhSettings {
  /** Multikeys of Ed25519 keys that may sign the next version. */
  readonly updateKeys?: readonly string[]
  /**
   * Pre-rotation: Multikeys of keys that are kept safe until then; only their hashes are
   * published, and the next version can have no other update keys. `[]` ends it.
   */
  readonly nextKeys?: readonly string[]
  /** Who must approve the versions after this one; `'none'` ends it. */
  readonly witness?: WebvhWitness | 'none'
  /** URLs of those who watch the log. */
  readonly watchers?: readonly string[]
  /** Seconds that a resolver may cache the DID. */
  readonly ttl?: number
}

/** Who signs a new version, and when. */
export interface WebvhSigning extends WebvhHostOptions {
  /** EdDSA; its verification method is `did:key:<multikey>#<multikey>`. */
  readonly signer: Signer
  /** Written as `versionTime`, in whole seconds. */
  readonly now: Date
}

/** The wire form of the settings that are given. */
export async function parametersOf(settings: WebvhSettings): Promise<Record<string, Json>> {
  const { updateKeys, nextKeys, witness, watchers, ttl } = settings
  const parameters: Record<string, Json> = {}
  if (updateKeys !== undefined) parameters['updateKeys'] = updateKeys
  if (nextKeys !== undefined) {
    parameters['nextKeyHashes'] = await Promise.all(nextKeys.map(hash58))
  }
  if (witness !== undefined) {
    const list = witness === 'none' ? undefined : witness
    parameters['witness'] =
      list === undefined
        ? {}
        : { threshold: list.threshold, witnesses: list.witnesses.map(({ id }) => ({ id })) }
  }
  if (watchers !== undefined) parameters['watchers'] = watchers
  if (ttl !== undefined) parameters['ttl'] = ttl
  return parameters
}

/** The versions of a log of our own. @throws AsobaError `did.webvh-invalid` */
export async function versionsOf(log: string, options: WebvhSigning): Promise<WebvhVersion[]> {
  const { versions, problems } = await verifyEntries(log, options)
  const [first] = problems
  if (first !== undefined) {
    const message = `the log would not be valid: ${first.detail}`
    throw new AsobaError(
      'did.webvh-invalid',
      message,
      first.path === undefined ? {} : { path: first.path },
    )
  }
  return [...versions]
}

/**
 * Hashes, signs and appends an entry, and verifies the whole log as a resolver would:
 * nothing is handed out that others would refuse.
 *
 * @param before `versionId` of the entry before, or the SCID
 */
export async function append(
  log: string,
  entry: {
    readonly number: number
    readonly before: string
    readonly parameters: JsonObject
    readonly state: JsonObject
  },
  options: WebvhSigning,
): Promise<WebvhLog> {
  const { signer, now } = options
  if (multikeyOfMethod(signer.verificationMethod) === undefined) {
    throw new TypeError('the signer must name its key as did:key:<multikey>#<multikey>')
  }
  const { number, before, parameters, state } = entry
  const draft = { versionId: before, versionTime: formatUtc(now), parameters, state }
  const versionId = `${number}-${await entryHash(draft, before)}`
  const signed = { ...draft, versionId }
  const proof = await signJcsProof(signed, {
    signer,
    proofPurpose: 'assertionMethod',
    created: now,
  })
  const line = `${JSON.stringify({ ...signed, proof: [proof] })}\n`
  const whole = `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${line}`
  const last = (await versionsOf(whole, options)).at(-1) as WebvhVersion
  const { document } = last
  return { did: String(document['id']), document, versionId, log: whole, line }
}
