import { createHash } from 'node:crypto'
import { bbs2023Verifying } from '@asoba/bbs/verifying'
import { electionScope, type JsonObject, type Jwk, refused, type Verified } from '@asoba/core'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { anonymous } from './issuing.ts'

/** An answer as a poll publishes it. */
export interface PublishedAnswer {
  readonly answer: string
  /** Of the request that was answered. */
  readonly nonce: string
  readonly pseudonym: string
  readonly presentation: JsonObject
}

/** What a poll is about, as the registry signed it. */
export interface Manifest {
  readonly options: readonly string[]
  readonly audience: string
  readonly issuer: string
}

/** What came of counting. */
export interface Count {
  readonly counts: Readonly<Record<string, number>>
  readonly good: number
  /** Places of the answers that do not count. */
  readonly bad: readonly number[]
}

/** What somebody needs to count: the manifest, and the keys of the registry, from elsewhere. */
export interface CountingKeys {
  readonly manifest: string
  readonly registry: Jwk
  readonly registryBbs: Jwk
}

/**
 * Counts published answers: each proof is verified anew, and a citizen counts once. Needs neither
 * the poll's server nor its secrets nor a network, and nothing about the citizens.
 */
export async function count(
  answers: readonly PublishedAnswer[],
  keys: CountingKeys,
): Promise<Count> {
  const manifest = await readManifest(keys.manifest, keys.registry)
  const format = bbs2023Verifying(anonymous.election)
  const counts: Record<string, number> = {}
  const bad: number[] = []
  const seen = new Set<string>()
  for (const [at, { answer, nonce, presentation }] of answers.entries()) {
    const result = await format.verify(presentation, {
      audience: manifest.audience,
      nonce,
      purpose: 'poll',
      scope: scopeOf(keys.manifest),
      payloadHash: hashOf(answer),
      now: new Date(),
      clockTolerance: 30,
      maxProofAge: 300,
      findIssuer: async ({ issuer }) =>
        issuer === manifest.issuer
          ? {
              verified: true,
              checks: [],
              issuer,
              type: 'citizenship',
              keys: [keys.registryBbs],
              mechanism: 'did',
            }
          : nobody('issuer.untrusted', 'the manifest names another issuer'),
      findHolderKey: async () => nobody('holder.key-mismatch', 'there are no such keys here'),
      holderBinding: () => 'required',
    })
    const pseudonym = result.verified ? result.pseudonym : undefined
    if (
      !result.verified ||
      result.subject['citizen'] !== true ||
      pseudonym === undefined ||
      seen.has(pseudonym) ||
      !manifest.options.includes(answer)
    ) {
      bad.push(at)
      continue
    }
    seen.add(pseudonym)
    counts[answer] = (counts[answer] ?? 0) + 1
  }
  return { counts, good: answers.length - bad.length, bad }
}

/** A manifest that the registry signed. @throws Error where it did not */
export async function readManifest(manifest: string, registry: Jwk): Promise<Manifest> {
  const parsed = parseJws(manifest)
  if (!parsed.verified || !(await verifyJwsWith(parsed, [registry]))) {
    throw new Error('the registry did not sign this manifest')
  }
  return parsed.claims as unknown as Manifest
}

/** The scope of a poll: nobody can have two pseudonyms in it, and it is connected with no other. */
export function scopeOf(manifest: string): string {
  return electionScope(createHash('sha256').update(manifest).digest('base64url'))
}

/** What the proof is bound to besides: the answer itself. */
export function hashOf(answer: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(answer).digest())
}

function nobody(code: 'issuer.untrusted' | 'holder.key-mismatch', detail: string): Verified<never> {
  return refused([{ code, detail, path: '' }])
}
