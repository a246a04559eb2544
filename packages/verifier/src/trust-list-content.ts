import {
  type AnyTrustEntry,
  type CredentialTypeName,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type KeyMechanism,
  type Problem,
  problem,
  refused,
  type TrustEntry,
  toBase64url,
  utf8,
  type Verified,
} from '@asoba/core'
import { algorithmOfJwk, validatePublicJwk } from '@asoba/did'
import { faultOfAnchors } from './trusted-anchors.ts'
import { faultOfEntry } from './trusted-issuers.ts'

/** What a trust list says. */
export interface TrustListContent {
  /** Who answers for the list: an https URL or a DID. */
  readonly publisher: string
  /** 1 for the first list of a publisher, and a greater one for each that follows. */
  readonly sequence: number
  readonly issuedAt: Date
  /** Not more than 400 days after it was issued. */
  readonly expires: Date
  /** Whom it trusts; `types` are short names. Nobody at all where it is empty. */
  readonly entries: readonly AnyTrustEntry[]
}

/** `typ` of the JWS; its media type has `application/` before it. */
export const trustListType = 'asoba-trust-list+jwt'

const maxLifetime = 34_560_000
const maxText = 2048
const maxAnchor = 16_384
/** Elements of each array at most; each but `entries` has at least one. */
const most = {
  entries: 1000,
  types: 100,
  keys: 16,
  anchors: 16,
  usage: 16,
  status_issuers: 16,
  status_snapshots: 64,
} as const
const keyMembers = ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use', 'key_ops']
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Reads the payload of a trust list, strictly, and says every problem found. Types that are not
 * among `types` are left out, and entries with no other type.
 */
export function readContent(
  claims: JsonObject,
  types: readonly CredentialTypeName[],
): Verified<TrustListContent> {
  const { problems, found, members, text, list } = reader()
  members(claims, '', ['version', 'iss', 'sequence', 'iat', 'exp', 'entries'])
  const { version, iss, sequence, iat, exp } = claims
  if (version !== 1) found('the version is not 1', '/version')
  text(iss, '/iss')
  if (!isWhole(sequence) || sequence === 0) found('sequence is no positive number', '/sequence')
  if (!isWhole(iat)) found('iat is no whole number of seconds', '/iat')
  if (!isWhole(exp) || !isWhole(iat) || exp <= iat || exp > iat + maxLifetime) {
    found('exp is not after iat, or more than 400 days after it', '/exp')
  }

  const entries: AnyTrustEntry[] = []
  const mechanisms = new Map<string | undefined, Json | undefined>()
  const seen = new Set<string>()
  for (const [index, one] of list(claims, 'entries', '').entries()) {
    const path = `/entries/${index}`
    if (!isJsonObject(one)) {
      found('an entry is no object', path)
      continue
    }
    const entry = readEntry(one, path, isWhole(iat) ? iat : 0)
    if (entry === undefined) continue
    const { issuer, mechanism } = entry
    if ((mechanisms.get(issuer) ?? mechanism) !== mechanism) {
      found('an issuer has one mechanism, not two', `${path}/mechanism`)
    }
    mechanisms.set(issuer, mechanism)
    const whom = issuer === undefined ? entry.anchors.map(toBase64url) : [issuer]
    for (const vct of entry.types) {
      for (const each of whom) {
        const pair = JSON.stringify([each, vct, issuer === undefined])
        if (seen.has(pair)) found('a type is given to an issuer twice', `${path}/types`)
        seen.add(pair)
      }
    }
    const known = types.filter(({ vct }) => entry.types.includes(vct)).map(({ name }) => name)
    if (known.length > 0) entries.push({ ...entry, types: known })
  }
  if (problems.length > 0) return refused(problems)
  return {
    verified: true,
    checks: [],
    publisher: iss as string,
    sequence: sequence as number,
    issuedAt: new Date((iat as number) * 1000),
    expires: new Date((exp as number) * 1000),
    entries,
  }

  /** An entry with `vct` values for types; `undefined` where something is wrong with it. */
  function readEntry(entry: JsonObject, path: string, issuedAt: number): AnyTrustEntry | undefined {
    const before = problems.length
    members(entry, path, [
      'issuer',
      'types',
      'mechanism',
      'keys',
      'anchors',
      'any_under_anchors',
      'usage',
      'iss',
      'status_issuers',
      'status_anchors',
      'status_snapshots',
    ])
    const texts = (name: 'types' | 'status_issuers' | 'usage'): readonly string[] =>
      list(entry, name, path).flatMap((one, at) => text(one, `${path}/${name}/${at}`))
    const keys = list(entry, 'keys', path).flatMap((one, at) => key(one, `${path}/keys/${at}`))
    const anchors = anchorsOf(entry, path)
    const snapshots = list(entry, 'status_snapshots', path).flatMap((one, at) =>
      snapshot(one, `${path}/status_snapshots/${at}`, issuedAt),
    )
    if (new Set(snapshots.map(([uri]) => uri)).size < snapshots.length) {
      found('a status list is there twice', `${path}/status_snapshots`)
    }
    const statusIssuers = texts('status_issuers')
    const usage = texts('usage')
    const { issuer, iss, any_under_anchors: anyone, status_anchors: forStatus } = entry
    const named = anyone === undefined || issuer !== undefined
    const read = {
      ...(named && { issuer: text(issuer, `${path}/issuer`)[0] ?? '' }),
      ...(anyone !== undefined && { anyUnderAnchors: anyone }),
      types: texts('types'),
      mechanism: entry['mechanism'] as KeyMechanism,
      ...(keys.length > 0 && { keys }),
      ...(anchors.length > 0 && { anchors }),
      ...(usage.length > 0 && { usage }),
      ...(iss !== undefined && { iss: text(iss, `${path}/iss`)[0] ?? '' }),
      ...(forStatus !== undefined && { statusAnchors: statusAnchors(forStatus, path) }),
      ...(statusIssuers.length > 0 && { statusIssuers }),
      ...(snapshots.length > 0 && { statusSnapshot: Object.fromEntries(snapshots) }),
    }
    if (problems.length > before) return undefined
    const entryRead = read as unknown as AnyTrustEntry
    const fault =
      'anyUnderAnchors' in entryRead ? faultOfAnchors(entryRead) : faultOfEntry(entryRead)
    if (fault === undefined) return entryRead
    found(fault, path)
    return undefined
  }

  function anchorsOf(object: JsonObject, path: string): readonly Uint8Array[] {
    return list(object, 'anchors', path).flatMap((one, at) => {
      const bytes =
        typeof one === 'string' && one.length <= maxAnchor ? fromBase64url(one) : undefined
      if (bytes !== undefined && bytes.length > 0) return [bytes]
      found('an anchor is no base64url, or too long', `${path}/anchors/${at}`)
      return []
    })
  }

  function statusAnchors(value: Json, entry: string): TrustEntry['statusAnchors'] {
    const path = `${entry}/status_anchors`
    const object = isJsonObject(value) ? value : {}
    members(object, path, ['anchors', 'usage'])
    const usage = list(object, 'usage', path).flatMap((one, at) => text(one, `${path}/usage/${at}`))
    const anchors = anchorsOf(object, path)
    if (usage.length === 0 || anchors.length === 0) {
      found('anchors for status are anchors and a usage', path)
    }
    return { anchors, usage }
  }

  function key(value: Json, path: string): readonly Jwk[] {
    const jwk = validatePublicJwk(value)
    if (jwk === undefined || algorithmOfJwk(jwk) === undefined) {
      found('a key is no public signature key', path)
      return []
    }
    members(value as JsonObject, path, keyMembers)
    return [jwk]
  }

  function snapshot(
    value: Json,
    path: string,
    issuedAt: number,
  ): readonly (readonly [string, Snapshot])[] {
    if (!isJsonObject(value)) {
      found('a status snapshot is no object', path)
      return []
    }
    members(value, path, ['uri', 'media_type', 'token', 'fetched_at'])
    const { token, fetched_at: fetchedAt } = value
    const [uri, mediaType] = [
      text(value['uri'], `${path}/uri`)[0],
      text(value['media_type'], `${path}/media_type`)[0],
    ]
    if (typeof token !== 'string' || !compact.test(token)) {
      found('a status list is no compact token', `${path}/token`)
    }
    if (!isWhole(fetchedAt) || fetchedAt > issuedAt) {
      found('a status list was not fetched before the trust list was made', `${path}/fetched_at`)
    }
    if (uri === undefined || mediaType === undefined || typeof token !== 'string') return []
    const at = new Date(Number(fetchedAt) * 1000)
    return [[uri, { bytes: utf8(token), mediaType, fetchedAt: at }]]
  }
}

/** The payload of a trust list. What is wrong with it, {@link readContent} says. */
export function writeContent(
  { publisher, sequence, issuedAt, expires, entries }: TrustListContent,
  vctOf: (name: string) => string,
  textOf: (bytes: Uint8Array) => string,
): JsonObject {
  return {
    version: 1,
    iss: publisher,
    sequence,
    iat: seconds(issuedAt),
    exp: seconds(expires),
    entries: entries.map((entry) => writeEntry(entry, vctOf, textOf)),
  }
}

function writeEntry(
  entry: AnyTrustEntry,
  vctOf: (name: string) => string,
  textOf: (bytes: Uint8Array) => string,
): JsonObject {
  const { issuer, types, mechanism, keys, anchors, usage, iss } = entry
  const { statusIssuers, statusAnchors, statusSnapshot } = entry
  return {
    ...(issuer !== undefined && { issuer }),
    ...('anyUnderAnchors' in entry && { any_under_anchors: entry.anyUnderAnchors }),
    types: types.map(vctOf),
    mechanism,
    ...(keys && { keys: keys as unknown as Json }),
    ...(anchors && { anchors: anchors.map(toBase64url) }),
    ...(usage !== undefined && { usage: [usage].flat() }),
    ...(iss !== undefined && { iss }),
    ...(statusIssuers && { status_issuers: statusIssuers }),
    ...(statusAnchors && {
      status_anchors: {
        anchors: statusAnchors.anchors.map(toBase64url),
        usage: [statusAnchors.usage].flat(),
      },
    }),
    ...(statusSnapshot && {
      status_snapshots: Object.entries(statusSnapshot).map(
        ([uri, { bytes, mediaType, fetchedAt }]) => ({
          uri,
          media_type: mediaType,
          token: textOf(bytes),
          fetched_at: seconds(fetchedAt),
        }),
      ),
    }),
  }
}

type Snapshot = NonNullable<TrustEntry['statusSnapshot']>[string]

/** What reading has in common at every level; every problem goes into one list. */
function reader() {
  const problems: Problem[] = []
  const found = (detail: string, path: string): void => {
    problems.push(problem('trust-list.malformed', detail, path))
  }
  return {
    problems,
    found,
    /** What a reader does not understand may narrow what the publisher meant. */
    members: (object: JsonObject, path: string, known: readonly string[]): void => {
      if (!Object.keys(object).every((name) => known.includes(name))) {
        found('there is a member that version 1 does not have', path)
      }
    },
    text: (value: Json | undefined, path: string): readonly string[] => {
      if (typeof value === 'string' && value !== '' && value.length <= maxText) return [value]
      found('expected text that is not empty and not too long', path)
      return []
    },
    list: (object: JsonObject, name: keyof typeof most, path: string): readonly Json[] => {
      const value = object[name]
      const needed = name === 'entries' || name === 'types'
      if (value === undefined && !needed) return []
      const least = name === 'entries' ? 0 : 1
      if (Array.isArray(value) && value.length >= least && value.length <= most[name]) return value
      found('expected an array, not empty and not too long', `${path}/${name}`)
      return []
    },
  }
}

function isWhole(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
