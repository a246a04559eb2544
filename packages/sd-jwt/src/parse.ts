import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { readsAlike } from '@asoba/core/judge'
import { type ParsedJws, parseJws } from '@asoba/jwt'
import { digestText, hashText } from '#hash'
import { type Disclosure, parseDisclosure } from './disclosure.ts'
import { type HashName, hashAlgorithm } from './hash-algorithm.ts'
import { compactOfJson } from './json-form.ts'
import { type Disclosed, unpack } from './unpack.ts'

/** Bounds of an SD-JWT that somebody else wrote. */
export const sdJwtLimits: {
  readonly maxLength: number
  readonly maxDisclosures: number
  readonly maxDepth: number
} = { maxLength: 1_048_576, maxDisclosures: 1024, maxDepth: 64 }

/** An SD-JWT taken apart, its digests resolved; no signature is checked yet. */
export interface OpenedSdJwt {
  /** The issuer-signed JWT. */
  readonly jws: ParsedJws
  readonly hash: HashName
  /** The payload as signed, with its digests. */
  readonly payload: { readonly [name: string]: Json }
  /** The processed payload: digests replaced by what was disclosed, or gone. */
  readonly claims: { readonly [name: string]: Json }
  /** What of the claims was disclosed, in the order of the disclosures' places in the payload. */
  readonly disclosed: readonly Disclosed[]
  /** Disclosures by their digest, in the order in which they came. */
  readonly byDigest: ReadonlyMap<string, Disclosure>
  /** `<JWT>~<disclosure>~…~`, exactly as it came: what `sd_hash` is over. */
  readonly presented: string
  /** The issuer-signed JWT as it came. */
  readonly jwt: string
  /** The key binding JWT; absent where the SD-JWT ends with `~`. */
  readonly keyBinding?: string
}

/** An SD-JWT taken apart as text; its disclosures are not in place yet. */
interface Parts {
  readonly jws: ParsedJws
  readonly hash: HashName
  readonly payload: JsonObject
  readonly jwt: string
  readonly encoded: readonly string[]
  readonly presented: string
  readonly keyBinding: string
}

/**
 * Takes an SD-JWT (compact text, or an object of the JSON serialisation) apart and puts the
 * disclosed claims in place. Nothing is believed yet: the signature, the issuer, the times and the
 * key binding are still to be judged. Says every problem found; never throws.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.1
 */
export function openSdJwt(wire: unknown): Verified<OpenedSdJwt> {
  const parts = takeApart(textOfWire(wire))
  if (!parts.verified) return parts
  const { hash, encoded } = parts
  return putTogether(
    parts,
    encoded.map((each) => hashText(hash, each)),
  )
}

/**
 * The same for who can wait: the platform hashes, so that a verifying page bundles no hash.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.1
 */
export async function openToVerify(
  wire: unknown,
  backend?: SignatureBackend,
): Promise<Verified<OpenedSdJwt>> {
  return openText(textOfWire(wire), backend)
}

/** The same of compact text alone: a page that verifies no JSON serialisation bundles none of it. */
export async function openText(
  text: string | undefined,
  backend?: SignatureBackend,
): Promise<Verified<OpenedSdJwt>> {
  const parts = takeApart(text, backend)
  if (!parts.verified) return parts
  const { hash, encoded } = parts
  const digests = encoded.map((each) => digestText(hash, each))
  return putTogether(
    parts,
    digests.every((each) => typeof each === 'string') ? digests : await Promise.all(digests),
  )
}

function textOfWire(wire: unknown): string | undefined {
  return typeof wire === 'string' ? wire : compactOfJson(wire)
}

function takeApart(text: string | undefined, backend?: SignatureBackend): Verified<Parts> {
  if (text === undefined) return malformed('it is neither a compact SD-JWT nor its JSON form')
  if (text.length > sdJwtLimits.maxLength) {
    return refused([problem('input.too-large', 'the SD-JWT is longer than the limit')])
  }
  // 7.1 step 1. A JWT without `~` is no SD-JWT, whatever it claims.
  const parts = text.split('~', sdJwtLimits.maxDisclosures + 3)
  const jwt = parts[0] as string
  const last = parts.at(-1) as string
  if (parts.length < 2) return malformed('a bare JWT is no SD-JWT: the final ~ is missing')
  if (parts.length > sdJwtLimits.maxDisclosures + 2) {
    return refused([problem('input.too-large', 'the SD-JWT has too many disclosures')])
  }
  const jws = parseJws(jwt, { maxDepth: sdJwtLimits.maxDepth, backend })
  if (!jws.verified) return jws
  const payload = jws.claims
  if (payload === undefined || !readsAlike(payload)) {
    return malformed('the payload is not one JSON object that all parsers read alike')
  }
  // Step 2.5.
  const hash = hashAlgorithm(payload['_sd_alg'])
  if (hash === undefined) {
    return refused([problem('disclosure.hash-unsupported', '_sd_alg is not supported')])
  }
  return {
    verified: true,
    checks: [],
    jws,
    hash,
    payload,
    jwt,
    encoded: parts.slice(1, -1),
    presented: text.slice(0, text.length - last.length),
    keyBinding: last,
  }
}

function putTogether(parts: Parts, digests: readonly string[]): Verified<OpenedSdJwt> {
  const { jws, hash, payload, jwt, encoded, presented, keyBinding } = parts
  const problems: Problem[] = []
  const byDigest = new Map<string, Disclosure>()
  const numbered: (Disclosure | undefined)[] = []
  for (const [at, each] of encoded.entries()) {
    const disclosure = parseDisclosure(each)
    numbered.push(disclosure)
    if (disclosure === undefined) {
      problems.push(problem('disclosure.malformed', 'it is no disclosure', place(at)))
      continue
    }
    // Step 3.1.
    const digest = digests[at] as string
    if (byDigest.has(digest)) {
      problems.push(problem('disclosure.duplicate', 'a disclosure is sent twice', place(at)))
      numbered[at] = undefined
    } else byDigest.set(digest, disclosure)
  }
  const { claims, disclosed, problems: found } = unpack(payload, byDigest, sdJwtLimits.maxDepth)
  problems.push(...found)
  // Step 5. A digest is good for one place, so no disclosure is put in two.
  if (disclosed.length < byDigest.size) {
    const used = new Set(disclosed.map(({ disclosure }) => disclosure))
    for (const [at, disclosure] of numbered.entries()) {
      if (disclosure !== undefined && !used.has(disclosure)) {
        const detail = 'no digest refers to the disclosure'
        problems.push(problem('disclosure.unreferenced', detail, place(at)))
      }
    }
  }
  if (problems.length > 0) return refused(problems)
  return {
    verified: true,
    checks: [],
    jws,
    hash,
    payload,
    claims,
    disclosed,
    byDigest,
    presented,
    jwt,
    ...(keyBinding !== '' && { keyBinding }),
  }
}

/** Digests below a value that must hold none: claims that may not be disclosed selectively. */
export function holdsDigests(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(holdsDigests)
  if (!isJsonObject(value)) return false
  return (
    Object.hasOwn(value, '_sd') ||
    Object.hasOwn(value, '...') ||
    Object.values(value).some(holdsDigests)
  )
}

// Where a disclosure lies, not what it is of: a name may say as much as a value.
function place(at: number): string {
  return `/disclosures/${at}`
}

function malformed(detail: string): Verified<never> {
  return refused([problem('credential.malformed', detail)])
}
