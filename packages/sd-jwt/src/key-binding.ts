import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
  type SignatureBackend,
  type Signer,
} from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'
import { parseJws, signJws, verifyJwsWith } from '@asoba/jwt'
import { digestText } from '#hash'
import type { HashName } from './hash-algorithm.ts'
import { numericDate, validityProblems } from './times.ts'

/** To whom a presentation is made. */
export interface KeyBindingInput {
  readonly audience: string
  readonly nonce: string
  /** Now: the time of the holder's proof. */
  readonly issuedAt: Date
  /** base64url SHA-256 of transactions that it authorises (`transaction_data_hashes` of OpenID4VP). */
  readonly transactionHashes?: readonly string[]
}

/** What a verifier holds a key binding against; nothing of it is read from the message. */
export interface KeyBindingExpectation {
  readonly audience: string
  readonly nonce: string
  readonly now: Date
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** How old the proof may be, in seconds. */
  readonly maxProofAge: number
  /** Transactions that may be authorised; none when left out. */
  readonly transactionHashes?: readonly string[]
  readonly backend?: SignatureBackend
}

/**
 * A key binding JWT over exactly what is sent.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-4.3
 */
export async function signKeyBinding(
  presented: string,
  hash: HashName,
  { audience, nonce, issuedAt, transactionHashes }: KeyBindingInput,
  signer: Signer,
): Promise<string> {
  if (audience === '' || nonce === '') throw new TypeError('audience and nonce may not be empty')
  return signJws(
    { typ: 'kb+jwt' },
    {
      iat: Math.floor(issuedAt.getTime() / 1000),
      aud: audience,
      nonce,
      sd_hash: await digestText(hash, presented),
      ...(transactionHashes?.length && {
        transaction_data_hashes: transactionHashes,
        transaction_data_hashes_alg: 'sha-256',
      }),
    },
    signer,
  )
}

/**
 * Everything that is wrong with a key binding JWT, nothing where it is right, and what it authorises.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.3 step 5
 */
export async function keyBindingProblems(
  token: string,
  bound: { readonly presented: string; readonly hash: HashName; readonly holderKey: Jwk },
  expected: KeyBindingExpectation,
): Promise<{ readonly problems: readonly Problem[]; readonly authorised: readonly string[] }> {
  // Step 5.2: `none` and MACs are refused when parsing.
  const jws = parseJws(token, { maxLength: 16_384 })
  if (!jws.verified) return { problems: jws.problems, authorised: [] }
  const { claims = {}, header } = jws
  const problems: Problem[] = []
  const malformed = (detail: string): unknown =>
    problems.push(problem('holder.proof-malformed', detail))
  // Step 5.4.
  if (mediaTypeOf(header.typ) !== 'kb+jwt') {
    problems.push(problem('jws.type-mismatch', 'typ of the key binding is not kb+jwt'))
  }
  const { iat, aud, nonce, sd_hash: sdHash, ...others } = claims
  const authorised = hashesIn(claims, expected.transactionHashes ?? [])
  if (authorised === undefined) {
    const detail = 'the key binding authorises a transaction that was not asked for'
    problems.push(problem('holder.transaction-mismatch', detail))
  }
  // Step 5.5.
  const made = numericDate(iat)
  const age = (expected.now.getTime() - made) / 1000
  if (Number.isNaN(made)) malformed('iat of the key binding is no number of seconds')
  else if (age < -expected.clockTolerance) {
    problems.push(problem('holder.not-yet-valid', 'the key binding is from the future'))
  } else if (age > expected.maxProofAge + expected.clockTolerance) {
    problems.push(problem('holder.too-old', 'the key binding is too old'))
  }
  // Step 5.6. An empty expectation would accept an empty answer.
  if (aud !== expected.audience || expected.audience === '') {
    problems.push(problem('holder.audience-mismatch', 'the key binding is for another audience'))
  }
  if (nonce !== expected.nonce || expected.nonce === '') {
    problems.push(problem('holder.nonce-mismatch', 'the key binding does not answer this request'))
  }
  // Step 5.7.
  if (sdHash !== (await digestText(bound.hash, bound.presented))) {
    malformed('the key binding is of another SD-JWT or of other disclosures')
  }
  // Step 5.8.
  for (const { code } of validityProblems(others, expected)) {
    if (code === 'credential.malformed') malformed('a time is no number')
    else {
      const late = code === 'credential.expired'
      problems.push(
        problem(late ? 'holder.too-old' : 'holder.not-yet-valid', 'exp or nbf is not met'),
      )
    }
  }
  // Step 5.3.
  if (!(await verifyJwsWith(jws, [bound.holderKey], expected))) {
    const detail = 'the key binding is not signed by the key the credential names'
    problems.push(problem('holder.signature-invalid', detail))
  }
  return { problems, authorised: authorised ?? [] }
}

/**
 * The transactions that a key binding names; `undefined` where one of them is not expected, or
 * hashed by anything but SHA-256.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html appendix B.3.3.1
 */
function hashesIn(
  { transaction_data_hashes: hashes = [], transaction_data_hashes_alg: alg }: JsonObject,
  expected: readonly string[],
): readonly string[] | undefined {
  const known =
    Array.isArray(hashes) &&
    hashes.every((hash: Json) => typeof hash === 'string' && expected.includes(hash))
  return known && (alg === undefined || alg === 'sha-256')
    ? (hashes as readonly string[])
    : undefined
}

/**
 * The holder's key that `cnf` names by value (7.3 step 5.1); `undefined` where it does not: a key
 * that would first have to be fetched is none.
 */
export function confirmationKey(cnf: Json | undefined): Jwk | undefined {
  const jwk = isJsonObject(cnf) ? cnf['jwk'] : undefined
  return isJsonObject(jwk) && typeof jwk['kty'] === 'string' && jwk['d'] === undefined
    ? (jwk as unknown as Jwk)
    : undefined
}
