import {
  fromBase64url,
  type Json,
  type JsonLimits,
  type JsonObject,
  type Problem,
  parseUnambiguous,
  problem,
  type RsaAlgorithm,
  refused,
  type SignatureAlgorithm,
  type SignatureBackend,
  textOfBase64url,
  utf8,
  type Verified,
} from '@asoba/core'

/**
 * A JOSE header whose registered members have the right shapes. Members that carry or point to a
 * key (`jwk`, `jku`, `x5u`) may be there; nothing in this library ever takes a key from them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1
 */
export interface JwsHeader {
  /** `EdDSA` also where the token says `Ed25519` (RFC 9864). */
  readonly alg: SignatureAlgorithm | RsaAlgorithm
  readonly typ?: string
  readonly cty?: string
  readonly kid?: string
  /** Certificate chain, base64 DER, leaf first; not judged here. */
  readonly x5c?: readonly string[]
  readonly [name: string]: Json | undefined
}

/** A JWS in its parts, every part well-formed and the signature not yet checked. */
export interface ParsedJws {
  readonly header: JwsHeader
  /** Bytes of the payload. */
  readonly payload: Uint8Array
  /** The payload as a JSON object; `undefined` where it is something else. */
  readonly claims: JsonObject | undefined
  /** What was signed: ASCII of `<header>.<payload>`. */
  readonly signingInput: Uint8Array
  readonly signature: Uint8Array
}

const ours: ReadonlySet<unknown> = new Set([
  'ES256',
  'ES384',
  'ES512',
  'ES256K',
  'EdDSA',
  'Ed25519',
])

/**
 * Takes a compact JWS apart, strictly: three parts in canonical base64url, JSON that names no
 * member twice, one of our signature algorithms, no `crit` and no `b64` (we know no extension), a
 * payload that is there. Says every problem found; never throws, whatever the input.
 *
 * @param limits `backend`: what the signature will be verified with; RS256 to PS512 are read only
 * where it has RSA (`withRsa` of `@asoba/did/rsa`)
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function parseJws(
  token: unknown,
  limits: JsonLimits & { readonly backend?: SignatureBackend | undefined } = {},
): Verified<ParsedJws> {
  if (typeof token !== 'string') return malformed('a compact JWS is a string')
  const { maxLength = 1_048_576 } = limits
  if (token.length > maxLength) {
    return refused([problem('input.too-large', 'the JWS is longer than the limit')])
  }
  const first = token.indexOf('.')
  const last = token.lastIndexOf('.')
  if (first === -1 || first === last || token.indexOf('.', first + 1) !== last) {
    return malformed('a compact JWS has three parts')
  }
  // An empty payload is how detached content looks (RFC 7515 appendix F).
  if (first + 1 === last) return malformed('detached content is not supported')
  const headerText = textOfBase64url(token.slice(0, first))
  const payload = fromBase64url(token.slice(first + 1, last))
  const signature = fromBase64url(token.slice(last + 1))
  if (payload === undefined || signature === undefined) {
    return malformed('every part of a JWS is canonical base64url without padding')
  }
  const header = parseUnambiguous(headerText ?? '', limits)
  if (header === undefined || header === 'ambiguous')
    return malformed('the JWS header is not one JSON object')
  const problems = headerProblems(header, limits.backend)
  if (signature.length === 0) {
    problems.push(problem('jws.malformed', 'the JWS has no signature'))
  }
  const claims = parseUnambiguous(payload, limits)
  if (claims === 'ambiguous') {
    problems.push(problem('jws.malformed', 'the JWS payload names a member twice'))
  }
  if (problems.length > 0) return refused(problems)
  return {
    verified: true,
    checks: [],
    header: asRead(header) as unknown as JwsHeader,
    payload,
    claims: claims === 'ambiguous' ? undefined : claims,
    signingInput: utf8(token.slice(0, last)),
    signature,
  }
}

function malformed(detail: string): Verified<never> {
  return refused([problem('jws.malformed', detail)])
}

function headerProblems(header: JsonObject, backend?: SignatureBackend): Problem[] {
  const problems: Problem[] = []
  const wrong = (detail: string) => problems.push(problem('jws.header-invalid', detail))
  const { alg, typ, cty, x5c } = header
  if (typeof alg !== 'string') wrong('alg is not a string')
  else if (!ours.has(alg) && !backend?.rsa?.algorithms.includes(alg)) {
    problems.push(problem('jws.algorithm-unsupported', unsupported(alg)))
  }
  // RFC 7515 4.1.11: an extension that is not understood makes the JWS invalid, and we have none.
  if (header['crit'] !== undefined) wrong('crit names extensions that are not supported')
  // RFC 7797 6: without crit it would be ignored by some and obeyed by others.
  if (header['b64'] !== undefined) wrong('b64 (unencoded payload) is not supported')
  if (typ !== undefined && typeof typ !== 'string') wrong('typ is not a string')
  if (cty !== undefined && typeof cty !== 'string') wrong('cty is not a string')
  if (x5c !== undefined && !isChain(x5c)) wrong('x5c is not a short array of certificates')
  return problems
}

/**
 * The header as it is worked with. RFC 7515 4.1.4 says that `kid` is a string; the test cases of
 * RFC 9901 have a number and are to verify. It is only a hint: one that is no string names no key
 * and is left out. `Ed25519` (RFC 9864) says what `EdDSA` means everywhere here: one name for both.
 */
function asRead(header: JsonObject): JsonObject {
  const { kid, ...rest } = header
  const named = typeof kid === 'string' ? header : rest
  return header['alg'] === 'Ed25519' ? { ...named, alg: 'EdDSA' } : named
}

function isChain(x5c: Json): boolean {
  return (
    Array.isArray(x5c) &&
    x5c.length > 0 &&
    x5c.length <= 10 &&
    x5c.every((entry) => typeof entry === 'string' && entry !== '')
  )
}

function unsupported(alg: string): string {
  if (alg.toLowerCase() === 'none') return 'alg none is no signature'
  if (alg.startsWith('HS')) return 'a MAC (HMAC) proves nothing to a third party'
  if (alg.startsWith('RS') || alg.startsWith('PS'))
    return 'RSA is read only where withRsa() is given'
  return 'the signature algorithm is not supported'
}
