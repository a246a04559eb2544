import {
  canonicalize,
  concatBytes,
  type DigestAlgorithm,
  digest,
  fromBase58,
  type Json,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Signer,
  toBase58,
  utf8,
  type Verified,
} from '@asoba/core'
import { verifySignature } from './verify-signature.ts'

const cryptosuite = 'eddsa-jcs-2022'
// base58btc of 64 bytes, with the multibase prefix.
const proofValueSyntax = /^z[1-9A-HJ-NP-Za-km-z]{64,88}$/
const dateTimeStamp =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** How {@link signJcsProof} makes a proof. */
export interface SignJcsProofOptions {
  /** An EdDSA signer; its `verificationMethod` goes into the proof. */
  readonly signer: Signer
  /** `assertionMethod`, `authentication`, … */
  readonly proofPurpose: string
  /** Left out of the proof where it is left out here. */
  readonly created?: Date
  /** Further members of the proof: `challenge`, `domain`, `expires`, `id`, `previousProof`, … */
  readonly members?: JsonObject
}

/**
 * A Data Integrity proof with the cryptosuite eddsa-jcs-2022.
 *
 * @param document the unsecured document: without its `proof`, but in a proof chain
 * with the proofs that this one builds on
 * @returns the proof alone; the caller puts it into the document
 * @throws TypeError where the signer is not an EdDSA one, or `members` names what is set here
 * @throws AsobaError `json.not-canonicalizable`
 * @see https://www.w3.org/TR/vc-di-eddsa/#create-proof-eddsa-jcs-2022
 */
export async function signJcsProof(
  document: JsonObject,
  options: SignJcsProofOptions,
): Promise<JsonObject> {
  const { signer, proofPurpose, created, members = {} } = options
  if (signer.algorithm !== 'EdDSA') throw new TypeError('eddsa-jcs-2022 needs an EdDSA signer')
  const own: Record<string, Json> = {
    type: 'DataIntegrityProof',
    cryptosuite,
    verificationMethod: signer.verificationMethod,
    proofPurpose,
  }
  if (created !== undefined) own['created'] = created.toISOString().replace(/\.\d{3}Z$/, 'Z')
  // 3.3.1 step 2: the proof carries the context that it was made under.
  if (document['@context'] !== undefined) own['@context'] = document['@context']
  if (['proofValue', ...Object.keys(own)].some((name) => Object.hasOwn(members, name))) {
    throw new TypeError('members names a property of the proof that is set otherwise')
  }
  const config: JsonObject = { ...members, ...own }
  const signature = await signer.sign(await hashForJcsProof(document, config))
  return { ...config, proofValue: `z${toBase58(signature)}` }
}

/** What {@link verifyJcsProof} demands of a proof; nothing of it is read from the proof. */
export interface VerifyJcsProofOptions {
  /** Key of the proof's verification method, found and authorised by the caller. */
  readonly publicJwk: Jwk
  readonly proofPurpose: string
  /** A proof that has `expires` must not have expired then. */
  readonly now: Date
  /** The platform's own where left out. */
  readonly backend?: SignatureBackend
}

/**
 * Judges a proof with the cryptosuite eddsa-jcs-2022: its form, purpose, expiry and
 * signature. Whether the key may speak for anybody, and what `challenge` and `domain`
 * must be, is for the caller to say.
 *
 * @param document the document without its `proof` (see {@link signJcsProof})
 * @returns problems `proof.malformed`, `proof.unsupported`, `proof.purpose-mismatch`,
 * `proof.expired`, `proof.signature-invalid`; never throws
 * @see https://www.w3.org/TR/vc-di-eddsa/#verify-proof-eddsa-jcs-2022
 */
export async function verifyJcsProof(
  document: JsonObject,
  proof: JsonObject,
  options: VerifyJcsProofOptions,
): Promise<Verified<{ readonly verificationMethod: string }>> {
  const problems: Problem[] = formOf(proof, options)
  // 3.3.2 steps 1 to 3.
  const { proofValue, ...config } = proof
  const signature = signatureOf(proofValue)
  if (signature === undefined) {
    problems.push(problem('proof.malformed', 'proofValue is no Ed25519 signature', '/proofValue'))
  }
  // Step 4: the document must still begin with the contexts that were signed.
  const context = config['@context']
  if (context !== undefined && !startsWith(document['@context'], context)) {
    problems.push(
      problem('proof.malformed', 'the contexts of the document are not those signed', '/@context'),
    )
  }
  if (signature !== undefined && problems.length === 0) {
    const signed = context === undefined ? document : { ...document, '@context': context }
    const right = await verifies(signed, config, signature, options)
    if (right === undefined) {
      problems.push(problem('proof.unsupported', 'Ed25519 is not available on this platform'))
    } else if (!right) {
      problems.push(problem('proof.signature-invalid', 'the signature of the proof is wrong'))
    }
  }
  const checks = [
    { check: 'proof', path: '', outcome: problems.length === 0 ? 'passed' : 'failed' } as const,
  ]
  if (problems.length > 0) return refused(problems, checks)
  return { verified: true, checks, verificationMethod: config['verificationMethod'] as string }
}

/**
 * What a proof over JSON signs: the digest of the canonical proof options, then that of the
 * canonical document.
 *
 * @param config the proof without `proofValue`
 * @param hash SHA-256 for eddsa-jcs-2022, and where left out
 * @throws AsobaError `json.not-canonicalizable`
 * @see https://www.w3.org/TR/vc-di-eddsa/#hashing-eddsa-jcs-2022
 */
export async function hashForJcsProof(
  document: JsonObject,
  config: JsonObject,
  hash: DigestAlgorithm = 'SHA-256',
): Promise<Uint8Array> {
  const proofHash = await digest(hash, utf8(canonicalize(config)))
  return concatBytes(proofHash, await digest(hash, utf8(canonicalize(document))))
}

function formOf(proof: JsonObject, options: VerifyJcsProofOptions): Problem[] {
  const problems: Problem[] = []
  // Another suite is refused before any signature is looked at.
  if (proof['type'] !== 'DataIntegrityProof' || proof['cryptosuite'] !== cryptosuite) {
    problems.push(
      problem('proof.unsupported', 'the proof is not an eddsa-jcs-2022 one', '/cryptosuite'),
    )
  }
  if (proof['proofPurpose'] !== options.proofPurpose) {
    problems.push(
      problem('proof.purpose-mismatch', 'the proof is for another purpose', '/proofPurpose'),
    )
  }
  if (typeof proof['verificationMethod'] !== 'string') {
    problems.push(
      problem('proof.malformed', 'the proof names no verification method', '/verificationMethod'),
    )
  }
  for (const name of ['created', 'expires']) {
    if (proof[name] !== undefined && timeOf(proof[name]) === undefined) {
      problems.push(problem('proof.malformed', 'a time of the proof is no date-time', `/${name}`))
    }
  }
  const expires = timeOf(proof['expires'])
  if (expires !== undefined && expires <= options.now.getTime()) {
    problems.push(problem('proof.expired', 'the proof has expired', '/expires'))
  }
  return problems
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64 || !dateTimeStamp.test(value)) return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms
}

function signatureOf(proofValue: unknown): Uint8Array | undefined {
  if (typeof proofValue !== 'string' || !proofValueSyntax.test(proofValue)) return undefined
  const bytes = fromBase58(proofValue.slice(1))
  return bytes?.length === 64 ? bytes : undefined
}

function startsWith(whole: unknown, start: Json): boolean {
  const listOf = (value: unknown): readonly Json[] =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]) as readonly Json[]
  const all = listOf(whole)
  try {
    return listOf(start).every(
      (one, at) => all[at] !== undefined && canonicalize(all[at]) === canonicalize(one),
    )
  } catch {
    return false
  }
}

async function verifies(
  document: JsonObject,
  config: JsonObject,
  signature: Uint8Array,
  { publicJwk, backend }: VerifyJcsProofOptions,
): Promise<boolean | undefined> {
  try {
    const data = await hashForJcsProof(document, config)
    return await verifySignature(
      'EdDSA',
      publicJwk,
      data,
      signature,
      backend === undefined ? {} : { backend },
    )
  } catch {
    // What has no canonical form was never signed.
    return false
  }
}
