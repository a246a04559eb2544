/** A DID taken apart. */
export interface ParsedDid {
  readonly did: string
  /** Method name: `web`. */
  readonly method: string
  /** Method-specific identifier, percent-encoding left as it is. */
  readonly id: string
}

/** A DID URL taken apart; nothing is decoded. */
export interface ParsedDidUrl extends ParsedDid {
  readonly didUrl: string
  /** Starts with `/`. */
  readonly path?: string
  /** What follows `?`. */
  readonly query?: string
  /** What follows `#`. */
  readonly fragment?: string
}

const maxLength = 2048
const idchar = '(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})'
const did = `did:([a-z0-9]+):((?:${idchar}*:)*${idchar}+)`
const pchar = "[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
const didSyntax = new RegExp(`^${did}$`)
const didUrlSyntax = new RegExp(
  `^${did}((?:/(?:${pchar})*)*)(?:\\?((?:${pchar}|[/?])*))?(?:#((?:${pchar}|[/?])*))?$`,
)

/**
 * Takes a DID apart; `undefined` for anything else, and beyond 2048 characters. Never throws.
 *
 * @see https://www.w3.org/TR/did-1.0/#did-syntax
 */
export function parseDid(text: unknown): ParsedDid | undefined {
  const match = typeof text === 'string' && text.length <= maxLength ? didSyntax.exec(text) : null
  return match === null ? undefined : { did: match[0], method: match[1] ?? '', id: match[2] ?? '' }
}

/**
 * Takes a DID URL apart; a DID is one too. `undefined` for anything else, and
 * beyond 2048 characters. Never throws.
 *
 * @see https://www.w3.org/TR/did-1.0/#did-url-syntax
 */
export function parseDidUrl(text: unknown): ParsedDidUrl | undefined {
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  const match = didUrlSyntax.exec(text)
  if (match === null) return undefined
  const [didUrl, method = '', id = '', path = '', query, fragment] = match
  return {
    didUrl,
    did: `did:${method}:${id}`,
    method,
    id,
    ...(path === '' ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(fragment === undefined ? {} : { fragment }),
  }
}

/** A DID URL of an own method, completed: `#key-1` is below the document's DID. */
export function absolute(id: string, did: string | undefined): string {
  return id.startsWith('#') ? `${did ?? ''}${id}` : id
}
