import type { ProblemCode } from './codes.ts'
import type { Problem } from './problem.ts'

/** A problem as RFC 9457 sends it (`application/problem+json`), with the code and pointer of ours. */
export interface ProblemDetails {
  /** A problem type of the VC data model or of Bitstring Status List; `about:blank` for a policy's refusal. */
  readonly type: string
  readonly title: string
  readonly detail: string
  readonly code: ProblemCode
  /** JSON pointer, where there is one. */
  readonly pointer?: string
}

const dataModel = 'https://www.w3.org/TR/vc-data-model#'
const statusList = 'https://www.w3.org/ns/credentials/status-list#'
const kinds = {
  parsing: [`${dataModel}PARSING_ERROR`, 'Parsing error'],
  security: [`${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`, 'Cryptographic security error'],
  malformed: [`${dataModel}MALFORMED_VALUE_ERROR`, 'Malformed value'],
  range: [`${dataModel}RANGE_ERROR`, 'Value out of range'],
  retrieval: [`${statusList}STATUS_RETRIEVAL_ERROR`, 'Status could not be retrieved'],
  status: [`${statusList}STATUS_VERIFICATION_ERROR`, 'Status could not be verified'],
  // Well-formed and authentic, and yet not accepted: RFC 9457 section 4.2.1.
  refusal: ['about:blank', 'Forbidden'],
} as const
type Kind = keyof typeof kinds

type AreaOf<Code> = Code extends `${infer Area}.${string}` ? Area : never
type ReasonOf<Code> = Code extends `${string}.${infer Reason}` ? Reason : never

/** What the codes of an area are, unless their reason says more. A new area does not compile without. */
const byArea: Readonly<Record<AreaOf<ProblemCode>, Kind>> = {
  claims: 'malformed',
  credential: 'malformed',
  did: 'security',
  disclosure: 'security',
  holder: 'security',
  input: 'parsing',
  issuer: 'security',
  jsonld: 'malformed',
  jws: 'security',
  offer: 'malformed',
  presentation: 'malformed',
  proof: 'security',
  query: 'refusal',
  replay: 'refusal',
  request: 'refusal',
  resource: 'security',
  status: 'status',
  'trust-list': 'malformed',
  'type-metadata': 'malformed',
  x509: 'security',
}

const byReason: Partial<Readonly<Record<ReasonOf<ProblemCode>, Kind>>> = {
  expired: 'range',
  'not-yet-valid': 'range',
  outdated: 'range',
  revoked: 'refusal',
  suspended: 'refusal',
  'too-complex': 'range',
  'too-large': 'range',
  'too-old': 'range',
  'type-unknown': 'refusal',
  unavailable: 'retrieval',
  untrusted: 'refusal',
}

const byCode: Partial<Readonly<Record<ProblemCode, Kind>>> = {
  'disclosure.malformed': 'parsing',
  'jws.malformed': 'parsing',
  'proof.malformed': 'parsing',
  'status.missing': 'refusal',
  'x509.malformed': 'parsing',
}

/**
 * A problem in the words of RFC 9457 and of the VC data model, for an HTTP answer or a
 * report to others. It says no more than the problem did.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#problem-details
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function toProblemDetails({ code, detail, path }: Problem): ProblemDetails {
  const [area, reason] = code.split('.') as [AreaOf<ProblemCode>, ReasonOf<ProblemCode>]
  const [type, title] = kinds[byCode[code] ?? byReason[reason] ?? byArea[area]]
  return { type, title, detail, code, ...(path === undefined ? {} : { pointer: path }) }
}
