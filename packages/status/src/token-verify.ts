import {
  fromBase64url,
  fromUtf8,
  type IssuerClaim,
  isJsonObject,
  type Json,
  type Problem,
  problem,
  refused,
  type StatusReference,
  type Verified,
} from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'
import { type ParsedJws, parseJws, verifyJwsWith } from '@asoba/jwt'
import { decompress } from '#zlib'
import { type PackedStatuses, statusAt } from './bits.ts'
import type { StatusContext, StatusDocument, StatusMechanism, StatusReading } from './mechanism.ts'

/** A token status list whose signature, signer and time were checked. */
export interface VerifiedStatusList extends PackedStatuses {
  readonly issuedAt: Date
  readonly expires?: Date
  /** Seconds after which a fresh list should be fetched. */
  readonly ttl?: number
}

/** Characters of a token at most: four times the largest list in use, 10 million entries of one bit. */
const maxLength = 8_388_608

/**
 * The packed bytes behind a `status_list` claim (`bits` and `lst`); `undefined` where it is none
 * or would be larger than `maxBytes`. Nothing is expanded to one number per entry: read entries
 * with `statusAt`.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-4.2
 */
export async function decodeTokenStatusList(
  claim: Json | undefined,
  options: { readonly maxBytes?: number } = {},
): Promise<PackedStatuses | undefined> {
  if (!isJsonObject(claim)) return undefined
  const { bits, lst } = claim
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) return undefined
  const compressed = typeof lst === 'string' ? fromBase64url(lst) : undefined
  if (compressed === undefined) return undefined
  const bytes = await decompress('deflate', compressed, options.maxBytes ?? 16_777_216)
  return bytes === undefined || bytes.length === 0 ? undefined : { bits, bytes }
}

/**
 * Judges a token status list for the URI by which a credential refers to it: form, signer,
 * signature, time. Says every problem found; never throws, whatever the bytes.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-8.3
 */
export async function verifyStatusListToken(
  token: Uint8Array | string,
  uri: string,
  context: StatusContext,
): Promise<Verified<VerifiedStatusList>> {
  const text =
    typeof token === 'string' ? token : token.length > maxLength ? undefined : fromUtf8(token)
  const jws = parseJws(text, { maxLength, backend: context.backend })
  if (!jws.verified) return refused([invalid('the list is no signed token'), ...jws.problems])
  const { sub, iat, exp, nbf, ttl, aud, status_list } = jws.claims ?? {}
  const problems: Problem[] = []
  const now = context.now.getTime() / 1000
  const { clockTolerance, maxAge } = context
  const check = (right: boolean, found: Problem): void => {
    if (!right) problems.push(found)
  }
  // 8.3 step 3: the claims of a status list token; step 3a: those of a JWT.
  check(mediaTypeOf(jws.header.typ) === 'statuslist+jwt', invalid('typ is not statuslist+jwt'))
  // RFC 7519 4.1.3: a token for named audiences is not for us, who are never named.
  check(aud === undefined, invalid('a status list is for everybody, aud is not'))
  check(isTime(iat) && iat <= now + clockTolerance, invalid('iat is missing or in the future'))
  check(exp === undefined || isTime(exp), invalid('exp is no number of seconds'))
  check(
    nbf === undefined || (isTime(nbf) && nbf <= now + clockTolerance),
    invalid('nbf is in the future or no number of seconds'),
  )
  check(ttl === undefined || (isTime(ttl) && ttl > 0), invalid('ttl is no positive number'))
  // Step 4a.
  check(sub === uri, invalid('the list is not the one that the credential refers to'))
  // Step 4c; and a list that never expires by itself would let an old one be replayed for ever.
  const ends = isTime(exp) ? exp : isTime(iat) ? iat + maxAge : undefined
  check(
    ends === undefined || now < ends + clockTolerance,
    problem('status.expired', 'the status list has expired'),
  )
  // Step 5.
  const list = await decodeTokenStatusList(status_list, { maxBytes: context.maxListBytes })
  if (list === undefined) problems.push(invalid('the compressed list is malformed or too large'))
  problems.push(...(await signatureProblems(jws, context)))
  if (problems.length > 0 || list === undefined) return refused(problems)
  return {
    verified: true,
    checks: [],
    ...list,
    issuedAt: new Date(Number(iat) * 1000),
    ...(isTime(exp) && { expires: new Date(exp * 1000) }),
    ...(isTime(ttl) && { ttl }),
  }
}

/**
 * Token Status List for `checkStatus`: 0 is valid, 1 revoked, 2 suspended. What 3 and 12 to 15 mean
 * only the application knows: without `applicationStatus` they have no meaning and are refused, as
 * is every value that nobody has registered yet.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-7.1
 */
export function tokenStatus(
  options: {
    /** The meaning of a value that the draft leaves to applications (3 and 12 to 15). */
    readonly applicationStatus?: (value: number) => StatusReading['meaning']
  } = {},
): StatusMechanism {
  const meaningOf = (value: number): StatusReading['meaning'] =>
    (['valid', 'revoked', 'suspended'] as const)[value] ??
    (value === 3 || (value >= 12 && value <= 15)
      ? options.applicationStatus?.(value)
      : undefined) ??
    'unknown'
  return {
    kind: 'token-status-list',
    async read(document: StatusDocument, reference: StatusReference, context: StatusContext) {
      const type = document.mediaType.split(';', 1)[0]?.trim().toLowerCase()
      const wrongType: readonly Problem[] =
        type === 'application/statuslist+jwt'
          ? []
          : [invalid('the media type is not that of a list')]
      const list = await verifyStatusListToken(document.bytes, reference.uri, context)
      if (!list.verified) return refused([...wrongType, ...list.problems])
      if (wrongType.length > 0) return refused(wrongType)
      // Step 6.
      const value = statusAt(list, reference.index)
      if (value === undefined) {
        return refused([problem('status.invalid-entry', 'the index lies beyond the status list')])
      }
      return {
        verified: true,
        checks: [],
        value,
        meaning: meaningOf(value),
        ...(list.ttl !== undefined && { ttl: list.ttl }),
      }
    },
  }
}

async function signatureProblems(
  jws: ParsedJws,
  context: StatusContext,
): Promise<readonly Problem[]> {
  const { alg, kid, x5c } = jws.header
  const iss = jws.claims?.['iss']
  if (iss !== undefined && typeof iss !== 'string') return [invalid('iss is no string')]
  const claim: IssuerClaim = {
    ...(iss !== undefined && { issuer: iss }),
    types: [],
    algorithm: alg,
    ...(kid !== undefined && { kid }),
    ...(x5c !== undefined && { x5c, byCertificate: true }),
    purpose: 'status',
  }
  const trusted = await context.findIssuer(claim)
  if (!trusted.verified) {
    return [invalid('the signer of the list may not sign it'), ...trusted.problems]
  }
  const { backend } = context
  return (await verifyJwsWith(jws, trusted.keys, backend ? { backend } : {}))
    ? []
    : [invalid('the signature of the list is wrong')]
}

function isTime(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value < 8.64e12
}

function invalid(detail: string): Problem {
  return problem('status.list-invalid', detail)
}
