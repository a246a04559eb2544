import {
  fromBase64url,
  fromUtf8,
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  parseDateTimeStamp,
  problem,
  refused,
  type StatusReference,
  type Verified,
} from '@asoba/core'
import { verifyCredential } from '@asoba/jwt'
import { verifyCredentialV1 } from '@asoba/jwt/v1'
import { decompress } from '#zlib'
import { bitstringAt, type PackedStatuses } from './bits.ts'
import type { StatusContext, StatusDocument, StatusMechanism, StatusReading } from './mechanism.ts'

/**
 * Judges a status list credential in whatever way it is secured: signature, signer (by
 * `context.findIssuer`) and form. What the list says is judged by {@link bitstringStatus}.
 */
export type VerifyListCredential = (
  document: StatusDocument,
  context: StatusContext,
) => Promise<Verified<{ readonly credential: JsonObject }>>

/** Options of {@link bitstringStatus}. */
export interface BitstringStatusOptions {
  /** How the list credential is secured; `vcJwtList`, or a function over another format. */
  readonly verify: VerifyListCredential
  /** Entries a list must have, for privacy in a herd; 131,072 when left out. */
  readonly minEntries?: number
}

/** Kinds of lists, by the type of their subject: the bits are the same in all. */
const kinds = ['BitstringStatusList', 'StatusList2021', 'RevocationList2020'] as const

type BitstringReference = Extract<StatusReference, { readonly kind: 'bitstring-status-list' }>

/**
 * Bitstring Status List 1.0 for `checkStatus`. Purpose `revocation` refuses as revoked,
 * `suspension` as suspended; `refresh` and `message` only note something; a set bit of any other
 * purpose has no agreed meaning and is refused. Lists of StatusList2021 and Revocation List 2020,
 * from which it came, have the same bits and are read the same way.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm
 */
export function bitstringStatus(options: BitstringStatusOptions): StatusMechanism {
  const { verify, minEntries = 131_072 } = options
  return {
    kind: 'bitstring-status-list',
    async read(document, reference, context) {
      if (reference.kind !== 'bitstring-status-list') {
        return refused([problem('status.invalid-entry', 'the entry is of another kind')])
      }
      const verified = await verify(document, context)
      if (!verified.verified) {
        const expired = verified.problems.some(({ code }) => code === 'credential.expired')
        return refused([
          invalid('the status list credential is not acceptable'),
          ...(expired ? [problem('status.expired', 'the status list has expired')] : []),
          ...verified.problems,
        ])
      }
      return readEntry(verified.credential, reference, minEntries, context)
    },
  }
}

/** A status list credential secured as `vc+jwt`. */
export const vcJwtList: VerifyListCredential = async (document, context) => {
  const type = document.mediaType.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/vc+jwt') {
    return refused([invalid('the media type is not that of a credential as vc+jwt')])
  }
  return verifyCredential(fromUtf8(document.bytes), context)
}

/** A status list credential as a JWT of VC 1.1, as StatusList2021 and Revocation List 2020 have them. */
export const jwtVcList: VerifyListCredential = (document, context) =>
  verifyCredentialV1(fromUtf8(document.bytes), context)

/**
 * The bits behind an `encodedList`; `undefined` where it is none or would be larger than
 * `maxBytes`. Read entries with `bitstringAt`.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#bitstring-expansion-algorithm
 */
export async function decodeBitstring(
  encodedList: Json | undefined,
  options: { readonly bits?: number; readonly maxBytes?: number } = {},
): Promise<PackedStatuses | undefined> {
  if (typeof encodedList !== 'string' || !encodedList.startsWith('u')) return undefined
  const compressed = fromBase64url(encodedList.slice(1))
  if (compressed === undefined) return undefined
  const bytes = await decompress('gzip', compressed, options.maxBytes ?? 16_777_216)
  return bytes === undefined ? undefined : { bits: options.bits ?? 1, bytes }
}

/** The older lists are base64 without the prefix of multibase, in practice of either alphabet. */
function withoutMultibase(encodedList: Json | undefined): Json | undefined {
  return typeof encodedList === 'string'
    ? `u${encodedList
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/={1,2}$/, '')}`
    : undefined
}

async function readEntry(
  credential: JsonObject,
  reference: BitstringReference,
  minEntries: number,
  context: StatusContext,
): Promise<Verified<StatusReading>> {
  const { purpose, size = 1, messages, index, uri } = reference
  const problems: Problem[] = [...listProblems(credential, uri, context)]
  if (!Number.isSafeInteger(size) || size < 1 || size > 16) {
    problems.push(problem('status.invalid-entry', 'statusSize is not supported'))
  }
  if (size > 1 ? !completeMessages(messages, size) : messages && !completeMessages(messages, 1)) {
    problems.push(problem('status.invalid-entry', 'statusMessage does not name every value once'))
  }
  const subject = isJsonObject(credential['credentialSubject'])
    ? credential['credentialSubject']
    : {}
  const { statusSize, encodedList, ttl } = subject
  const kind = kinds.find((one) => oneOrMany(subject['type']).includes(one))
  if (kind === undefined || !oneOrMany(credential['type']).includes(`${kind}Credential`)) {
    problems.push(invalid('type of the list or of its subject is not that of a status list'))
  }
  // Revocation List 2020 has no other purpose.
  const statusPurpose = kind === 'RevocationList2020' ? 'revocation' : subject['statusPurpose']
  // Step 5: the purpose must be one of the list's.
  if (!oneOrMany(statusPurpose).includes(purpose)) {
    problems.push(invalid('the list is not for the purpose of the entry'))
  }
  if (statusSize !== undefined && statusSize !== size) {
    problems.push(invalid('the list has entries of another size'))
  }
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl >= 0)) {
    problems.push(invalid('ttl is no number of milliseconds'))
  }
  // Steps 6 to 8.
  const limits = { bits: size, maxBytes: context.maxListBytes }
  const list = await decodeBitstring(
    kind === 'BitstringStatusList' ? encodedList : withoutMultibase(encodedList),
    limits,
  )
  if (list === undefined) problems.push(invalid('the encoded list is malformed or too large'))
  // Step 9: below the minimum there is no herd to hide in.
  else if ((list.bytes.length * 8) / size < minEntries) {
    problems.push(invalid('the list is shorter than the herd must be'))
  }
  // Step 10.
  const value = list && bitstringAt(list, index)
  if (list !== undefined && value === undefined) {
    problems.push(problem('status.invalid-entry', 'the index lies beyond the status list'))
  }
  if (problems.length > 0 || value === undefined) return refused(problems)
  // Steps 11 to 13.
  const message = messages?.[`0x${value.toString(16)}`]
  return {
    verified: true,
    checks: [],
    value,
    purpose,
    meaning: value === 0 ? 'valid' : meaningOf(purpose),
    ...(message !== undefined && { message }),
    ...(typeof ttl === 'number' && { ttl: ttl / 1000 }),
  }
}

/** The list credential is the one referred to, is of its type, and is of now. */
function listProblems(
  credential: JsonObject,
  uri: string,
  { now, clockTolerance, maxAge }: StatusContext,
): readonly Problem[] {
  const problems: Problem[] = []
  const { id, validFrom, validUntil, issuanceDate, expirationDate } = credential
  // The specification lets `id` be left out. Then nothing would tie the list to the place where it
  // was found, and one list of an issuer could be served in place of another.
  if (id !== uri) problems.push(invalid('the list is not the one that the credential refers to'))
  // Lists of the older kinds are credentials of VC 1.1.
  const from = timeOf(validFrom ?? issuanceDate)
  const ends =
    timeOf(validUntil ?? expirationDate) ?? (from === undefined ? undefined : from + maxAge * 1000)
  const tolerance = clockTolerance * 1000
  if (from !== undefined && from > now.getTime() + tolerance) {
    problems.push(invalid('the list is not valid yet'))
  }
  // Without an end of its own, and none to count from, an old list could be replayed for ever.
  if (ends === undefined || now.getTime() >= ends + tolerance) {
    problems.push(problem('status.expired', 'the status list has expired'))
  }
  return problems
}

function meaningOf(purpose: string): StatusReading['meaning'] {
  if (purpose === 'revocation') return 'revoked'
  if (purpose === 'suspension') return 'suspended'
  return purpose === 'refresh' || purpose === 'message' ? 'noted' : 'unknown'
}

/** One message for each value, as `0x…`. */
function completeMessages(
  messages: Readonly<Record<string, string>> | undefined,
  size: number,
): boolean {
  if (messages === undefined || size > 16) return false
  const values = new Set(Object.keys(messages).map(Number))
  return values.size === 2 ** size && [...values].every((value) => value >= 0 && value < 2 ** size)
}

function oneOrMany(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

function timeOf(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined
  const time = typeof value === 'string' ? parseDateTimeStamp(value) : undefined
  return time?.getTime() ?? Number.NaN
}

function invalid(detail: string): Problem {
  return problem('status.list-invalid', detail)
}
