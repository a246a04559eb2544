import { allowInsecureLoopback } from '../unsafe.ts'

/** The one weakening of the host rules. */
export interface WebvhHostOptions {
  /** Also allow `localhost` and `127.0.0.1`, by plain http. For demos and tests on one machine. */
  readonly [allowInsecureLoopback]?: true
}

/** A did:webvh DID taken apart, with the places where its files are published. */
export interface WebvhIdentifier {
  readonly did: string
  /** base58btc SHA-256 multihash of the first log entry. */
  readonly scid: string
  /** Where DID URL paths lead: ends with `/`. */
  readonly baseUrl: string
  /** Where `did.jsonl` lies. */
  readonly logUrl: string
  /** Where `did-witness.json` lies. */
  readonly witnessUrl: string
}

/** Where a did:webvh DID is to be published. */
export interface WebvhPlace {
  /** Domain name; Unicode is turned into its ASCII form. */
  readonly host: string
  readonly port?: number
  /** Path segments, not encoded; `{SCID}` stands for the SCID. */
  readonly path?: readonly string[]
}

/** Stands for the SCID until it is known. */
export const placeholder = '{SCID}'

const prefix = 'did:webvh:'
const maxLength = 2048
/** base58btc of a SHA-256 multihash. */
export const scidSyntax: RegExp = /^[1-9A-HJ-NP-Za-km-z]{46}$/
// DID Core 3.1 `idchar`, with its percent-encoding.
const idchars = /^(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$/
const domainSyntax = /^((?:[A-Za-z0-9.-]|%[0-9A-Fa-f]{2})+?)(?:%3[Aa]([0-9]{1,5}))?$/

/**
 * Takes a did:webvh DID apart by the rules for hosts and paths; `undefined` where
 * it breaks one. The text must be a bare DID: a path, query or fragment is refused.
 *
 * Only the ASCII form is a DID: the specification's example with bare Unicode
 * letters contradicts its own ABNF, so such names come percent-encoded or as
 * Punycode, and both lead to the same URL.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#method-specific-identifier
 */
export function parseWebvhDid(
  did: string,
  options: WebvhHostOptions = {},
): WebvhIdentifier | undefined {
  // 1 and 2: the prefix and the SCID.
  if (did.length > maxLength || !did.startsWith(prefix)) return undefined
  const [scid = '', domain = '', ...segments] = did.slice(prefix.length).split(':')
  if (!scidSyntax.test(scid)) return undefined
  // 3: the domain.
  const origin = originOf(domain, options)
  if (origin === undefined) return undefined
  // 4: the path.
  const path: string[] = []
  for (const segment of segments) {
    const decoded = decodeSegment(segment)
    if (decoded === undefined) return undefined
    path.push(encodeURIComponent(decoded))
  }
  // 5: the URLs.
  const baseUrl = `${origin}/${path.map((segment) => `${segment}/`).join('')}`
  const folder = path.length === 0 ? `${baseUrl}.well-known/` : baseUrl
  return {
    did,
    scid,
    baseUrl,
    logUrl: `${folder}did.jsonl`,
    witnessUrl: `${folder}did-witness.json`,
  }
}

/**
 * The DID of a place, with `{SCID}` where the SCID comes. In it the host is
 * Punycode, so that everybody writes the same DID for the same place.
 *
 * @throws TypeError where no did:webvh DID can name the place
 */
export function webvhPlaceholderDid(place: WebvhPlace, options: WebvhHostOptions = {}): string {
  const host = asciiHost(place.host) ?? place.host
  const port = place.port === undefined ? '' : `%3A${place.port}`
  const path = (place.path ?? []).map((segment) => `:${encodeSegment(segment)}`).join('')
  const did = `${prefix}${placeholder}:${host}${port}${path}`
  if (parseWebvhDid(did.replaceAll(placeholder, '1'.repeat(46)), options) === undefined) {
    throw new TypeError('the host, port or path cannot be part of a did:webvh DID')
  }
  return did
}

function originOf(domain: string, options: WebvhHostOptions): string | undefined {
  const [, encoded = '', portText] = domainSyntax.exec(domain) ?? []
  const decoded = decodeOnce(encoded)
  if (decoded === undefined || decoded === '') return undefined
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined
  const suffix = port === undefined ? '' : `:${port}`
  if (options[allowInsecureLoopback] === true && isLoopback(decoded)) {
    return `http://${decoded}${suffix}`
  }
  const host = asciiHost(decoded)
  return host === undefined ? undefined : `https://${host}${suffix}`
}

/** Whether a URL leads by https to a named host, by the same rules as the DID itself. */
export function isPublicUrl(text: string, options: WebvhHostOptions = {}): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  if (options[allowInsecureLoopback] === true && isLoopback(hostname)) return protocol === 'http:'
  return protocol === 'https:' && asciiHost(hostname) !== undefined
}

/** Host names that the weakening allows. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1'
}

/**
 * ASCII form of a domain name, by the platform's URL parser (UTS 46, which does
 * normalisation and Punycode); `undefined` for what is no fully qualified domain
 * name, above all for every spelling of an IP address.
 */
function asciiHost(decoded: string): string | undefined {
  // In ASCII only letters, digits, hyphens and dots may reach the URL parser.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/[\x00-\x7f]/.test(decoded.replace(/[A-Za-z0-9.-]/g, ''))) return undefined
  let host: string
  try {
    host = new URL(`https://${decoded}/`).hostname
  } catch {
    return undefined
  }
  const labels = host.split('.')
  const qualified = labels.length > 1 && host.length <= 253
  const wellFormed = labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label))
  // A name with a numeric last label is an IPv4 address for a URL parser.
  const named = !/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '') && labels.at(-1) !== 'localhost'
  return qualified && wellFormed && named ? host : undefined
}

function decodeSegment(segment: string): string | undefined {
  if (!idchars.test(segment)) return undefined
  const decoded = decodeOnce(segment)
  if (decoded === undefined || decoded === '.' || decoded === '..') return undefined
  if (/[/\\\0]/.test(decoded) || decoded.trim() !== decoded) return undefined
  return decoded
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!~*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%7BSCID%7D', placeholder)
}
