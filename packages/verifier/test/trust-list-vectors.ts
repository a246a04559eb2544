import {
  type Json,
  type JsonObject,
  type Jwk,
  type PrivateJwk,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { jwkSigner, keyFromSeed, verifySignature } from '@asoba/did'
import { signJws } from '@asoba/jwt'

// Writes spec/vectors/trust-list. The keys come from fixed seeds, EdDSA signs the same thing the
// same way each time, and a signature by ES256, which does not, is kept as long as it fits.

/** What a reader was given, on the wire of the vectors. */
export interface Reader {
  readonly publisher: string
  readonly keys: readonly Jwk[]
  readonly types: readonly string[]
  readonly now: number
  readonly clock_tolerance: number
  readonly max_length: number
  readonly previous: { readonly sequence: number; readonly digest?: string } | null
}

/** A list that is accepted, and whom it then trusts. */
export interface ValidList {
  readonly name: string
  readonly reader?: Partial<Reader>
  readonly token: string
  readonly payload: JsonObject
  readonly remembered: { readonly sequence: number; readonly digest: string }
  readonly trust: readonly {
    readonly issuer: string
    readonly type: string
    readonly at: number
    readonly mechanism: string | null
  }[]
}

/** A list that is refused: by which section of the text, and how this library calls it. */
export interface InvalidList {
  readonly name: string
  readonly section: string
  readonly code: string
  readonly reader?: Partial<Reader>
  readonly token: string
}

/** The three files. */
export interface Vectors {
  readonly keys: JsonObject
  readonly valid: { readonly reader: Reader; readonly lists: readonly ValidList[] }
  readonly invalid: { readonly reader: Reader; readonly lists: readonly InvalidList[] }
}

const typ = 'asoba-trust-list+jwt'
const iat = 1_767_225_600
const day = 86_400
const vct = (name: string) => `https://nation.example/credentials/${name}/1`
const citizenship = vct('citizenship')
const profession = vct('profession')
const chamber = 'did:web:chamber.example'
const statusUri = 'https://chamber.example/status/1'

/** All vectors; `known` gives ES256 signatures of before by what they sign. */
export async function buildVectors(known: ReadonlyMap<string, Uint8Array>): Promise<Vectors> {
  const key = async (algorithm: 'EdDSA' | 'ES256', seed: number) =>
    keyFromSeed(algorithm, new Uint8Array(32).fill(seed))
  const keys = {
    publisher: await key('EdDSA', 1),
    publisher_es256: await key('ES256', 2),
    chamber: await key('EdDSA', 3),
    somebody_else: await key('EdDSA', 4),
  }
  const signers = {
    publisher: await signerOf(keys.publisher.privateJwk),
    publisher_es256: await signerOf(keys.publisher_es256.privateJwk, known),
    chamber: await signerOf(keys.chamber.privateJwk),
    somebody_else: await signerOf(keys.somebody_else.privateJwk),
  }
  const reader: Reader = {
    publisher: 'https://nation.example',
    keys: [keys.publisher.publicJwk, keys.publisher_es256.publicJwk],
    types: [citizenship, profession],
    now: iat + day,
    clock_tolerance: 60,
    max_length: 100_000,
    previous: null,
  }

  const registry = { issuer: 'did:web:registry.example', types: [citizenship], mechanism: 'did' }
  const payload = {
    version: 1,
    iss: reader.publisher,
    sequence: 41,
    iat,
    exp: iat + 90 * day,
    entries: [registry],
  }
  // The list of the example in draft-ietf-oauth-status-list, section 4.1.
  const status = { status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } }
  const statusToken = await signJws(
    { typ: 'statuslist+jwt' },
    { sub: statusUri, iat: iat - 60, exp: iat + 30 * day, ttl: 3600, ...status },
    signers.chamber,
  )
  const snapshot = {
    uri: statusUri,
    media_type: 'application/statuslist+jwt',
    token: statusToken,
    fetched_at: iat - 30,
  }
  const whole = {
    issuer: chamber,
    types: [profession, vct('tax-receipt')],
    mechanism: 'did',
    keys: [keys.chamber.publicJwk as unknown as Json],
    status_issuers: ['did:web:status.example'],
    status_snapshots: [snapshot],
  }
  const sign = (
    content: JsonObject | Uint8Array,
    signer: Signer = signers.publisher,
    header: JsonObject = { typ },
  ) => signJws(header, content, signer)

  const valid = async (
    name: string,
    content: JsonObject,
    trust: ValidList['trust'],
    change: Partial<Reader> = {},
    signer?: Signer,
    header?: JsonObject,
  ): Promise<ValidList> => {
    const bytes = utf8(JSON.stringify(content))
    const hash = await crypto.subtle.digest('SHA-256', bytes as BufferSource)
    return {
      name,
      ...(Object.keys(change).length > 0 && { reader: change }),
      token: await sign(bytes, signer, header),
      payload: content,
      remembered: {
        sequence: content['sequence'] as number,
        digest: toBase64url(new Uint8Array(hash)),
      },
      trust,
    }
  }
  const asks = (
    issuer: string,
    type: string,
    mechanism: string | null,
    at: number = reader.now,
  ): ValidList['trust'][number] => ({ issuer, type, at, mechanism })
  const didTrust = [asks(registry.issuer, citizenship, 'did')]

  const validLists = [
    await valid('one issuer, the least that a list can say', payload, [
      ...didTrust,
      asks(registry.issuer, profession, null),
      asks('did:web:other.example', citizenship, null),
    ]),
    await valid('signed by ES256, with a kid', payload, didTrust, {}, signers.publisher_es256, {
      typ,
      kid: 'did:web:nation.example#key-2',
    }),
    await valid(
      'the three mechanisms, and everything that an entry can hold',
      {
        ...payload,
        entries: [
          whole,
          { issuer: 'https://registry.example', types: [citizenship], mechanism: 'https' },
          {
            issuer: 'CN=Old Registry,O=Nation',
            types: [citizenship],
            mechanism: 'x509',
            anchors: ['MAMCAQE'],
          },
          {
            issuer: 'https://pinned.example',
            types: [citizenship],
            mechanism: 'x509',
            keys: [{ ...(keys.publisher_es256.publicJwk as unknown as JsonObject), kid: 'a' }],
          },
        ],
      },
      [
        asks(chamber, profession, 'did'),
        asks(chamber, citizenship, null),
        asks('https://registry.example', citizenship, 'https'),
        asks('CN=Old Registry,O=Nation', citizenship, 'x509'),
        asks('https://pinned.example', citizenship, 'x509'),
      ],
    ),
    await valid(
      'one issuer in two entries, each with another type',
      {
        ...payload,
        entries: [
          registry,
          { ...registry, types: [profession], keys: [keys.chamber.publicJwk as unknown as Json] },
        ],
      },
      [...didTrust, asks(registry.issuer, profession, 'did')],
    ),
    await valid(
      'types that the reader does not know are left out',
      payload,
      [asks(registry.issuer, citizenship, null)],
      { types: [profession] },
    ),
    await valid('nobody is trusted', { ...payload, entries: [] }, [
      asks(registry.issuer, citizenship, null),
    ]),
    await valid('trust ends with the list, in a reader that runs on', payload, [
      ...didTrust,
      asks(registry.issuer, citizenship, 'did', payload.exp + 59),
      asks(registry.issuer, citizenship, null, payload.exp + 60),
      asks(registry.issuer, citizenship, 'did', iat - 60),
      asks(registry.issuer, citizenship, null, iat - 61),
    ]),
    await valid('400 days', { ...payload, exp: iat + 400 * day }, didTrust),
    await valid('the greatest number', { ...payload, sequence: 2 ** 53 - 1 }, didTrust),
    await valid('as late as the clocks allow', payload, [], { now: payload.exp + 59 }),
    await valid('as early as the clocks allow', payload, [], { now: iat - 60 }),
    await valid('later than the one before', payload, didTrust, {
      previous: { sequence: 40, digest: 'AAAA' },
    }),
    await valid('the number is known, the content is not', payload, didTrust, {
      previous: { sequence: 41 },
    }),
  ]
  const [first] = validLists as [ValidList]
  validLists.push({
    ...first,
    name: 'the same list once more',
    reader: { previous: first.remembered },
  })

  const minimal = first.token
  const [head = '', body = '', signature = ''] = minimal.split('.')
  const invalidLists: InvalidList[] = []
  const bad =
    (section: string, code: string) =>
    (name: string, token: string, change?: Partial<Reader>): void => {
      invalidLists.push({ name, section, code, ...(change && { reader: change }), token })
    }
  const form = bad('1', 'jws.malformed')
  form('empty', '')
  form('two parts', `${head}.${body}`)
  form('four parts', `${minimal}.${signature}`)
  form('no signature', `${head}.${body}.`)
  form('detached payload', `${head}..${signature}`)
  form('white space after', `${minimal}\n`)
  form('padded base64url', `${head}.${body}.${signature}==`)
  form('last bits of the signature set', minimal.slice(0, -1) + nextLetter(minimal.slice(-1)))
  form('JSON serialisation', JSON.stringify({ protected: head, payload: body, signature }))
  form('a member twice', await sign(utf8(JSON.stringify(payload).replace('{', '{"exp":4e9,'))))
  form(
    'a member twice, deep down',
    await sign(utf8(JSON.stringify(payload).replace('{"issuer"', '{"issuer":"x","issuer"'))),
  )
  bad('1', 'input.too-large')('too long', minimal, { max_length: minimal.length - 1 })
  const otherType = bad('1', 'jws.type-mismatch')
  otherType('no typ', await sign(payload, undefined, {}))
  for (const other of ['JWT', 'ASOBA-TRUST-LIST+JWT', `application/${typ}`, 'statuslist+jwt']) {
    otherType(`typ ${other}`, await sign(payload, undefined, { typ: other }))
  }
  const header = bad('1', 'jws.header-invalid')
  header(
    'the key in the header',
    await sign(payload, undefined, { typ, jwk: keys.publisher.publicJwk as unknown as Json }),
  )
  header('x5c in the header', await sign(payload, undefined, { typ, x5c: ['MAMCAQE='] }))
  header('a member that is not known', await sign(payload, undefined, { typ, cty: 'JWT' }))
  const encode = (value: Json) => toBase64url(utf8(JSON.stringify(value)))
  header('crit', `${encode({ alg: 'EdDSA', typ, crit: ['exp'], exp: 1 })}.${body}.${signature}`)
  for (const alg of ['none', 'HS256', 'RS256']) {
    const token = `${encode({ alg, typ })}.${body}.${signature}`
    bad('1', 'jws.algorithm-unsupported')(`alg ${alg}`, token)
  }

  const malformed = (section: string) => bad(section, 'trust-list.malformed')
  malformed('1')('a payload that is no object', await sign(utf8('[]')))
  malformed('1')('a payload that is no JSON', await sign(utf8('list')))
  const { version: _v, sequence: _s, exp: _e, iat: _i, entries: _n, ...without } = payload
  const top: readonly (readonly [string, JsonObject])[] = [
    ['a member that is not known', { ...payload, nbf: iat }],
    ['no version', { ...payload, version: null }],
    ['another version', { ...payload, version: 2 }],
    ['hardly anything', without],
    ['sequence 0', { ...payload, sequence: 0 }],
    ['sequence that is text', { ...payload, sequence: '41' }],
    ['sequence with a fraction', { ...payload, sequence: 41.5 }],
    ['sequence 2^53', { ...payload, sequence: 2 ** 53 }],
    ['iat with a fraction', { ...payload, iat: iat + 0.5 }],
    ['iat that is negative', { ...payload, iat: -1 }],
    ['exp that is text', { ...payload, exp: '2026-12-01' }],
    ['exp equal to iat', { ...payload, exp: iat }],
    ['more than 400 days', { ...payload, exp: iat + 400 * day + 1 }],
    ['entries that are an object', { ...payload, entries: { 0: registry } }],
    ['too many entries', { ...payload, entries: Array.from({ length: 1001 }, () => 0) }],
  ]
  for (const [name, content] of top) malformed('2')(name, await sign(content))

  const jwk = keys.chamber.publicJwk as unknown as JsonObject
  const ecJwk = keys.publisher_es256.publicJwk as unknown as JsonObject
  const anchors = ['MAMCAQE']
  const entries: readonly (readonly [string, readonly Json[]])[] = [
    ['an entry that is text', ['did:web:registry.example']],
    ['a member that is not known', [{ ...registry, only_for: 'children' }]],
    ['no issuer', [{ types: [citizenship], mechanism: 'did' }]],
    ['no types', [{ ...registry, types: [] }]],
    ['a type that is no text', [{ ...registry, types: [null] }]],
    ['a type twice in one entry', [{ ...registry, types: [citizenship, citizenship] }]],
    ['a type twice in two entries', [registry, registry]],
    ['a type twice that no reader knows', [{ ...registry, types: ['x', 'x'] }]],
    [
      'one issuer with two mechanisms',
      [
        { issuer: 'https://a.example', types: [citizenship], mechanism: 'https' },
        { issuer: 'https://a.example', types: [profession], mechanism: 'x509', anchors },
      ],
    ],
    ['no mechanism', [{ issuer: registry.issuer, types: [citizenship] }]],
    ['a mechanism that is not known', [{ ...registry, mechanism: 'federation' }]],
    ['two mechanisms', [{ ...registry, mechanism: ['did', 'https'] }]],
    ['a DID by https', [{ ...registry, mechanism: 'https' }]],
    ['an https URL as DID', [{ ...registry, issuer: 'https://a.example' }]],
    ['a DID URL', [{ ...registry, issuer: 'did:web:a.example#key-1' }]],
    ['http', [{ ...registry, mechanism: 'https', issuer: 'http://a.example' }]],
    [
      'an https URL with a query',
      [{ ...registry, mechanism: 'https', issuer: 'https://a.example?x' }],
    ],
    ['x509 with neither anchors nor keys', [{ ...registry, mechanism: 'x509' }]],
    ['anchors for a DID', [{ ...registry, anchors }]],
    ['an anchor in base64', [{ ...registry, mechanism: 'x509', anchors: ['MAMCAQE='] }]],
    ['no keys', [{ ...registry, keys: [] }]],
    ['a private key', [{ ...registry, keys: [keys.chamber.privateJwk as unknown as Json] }]],
    ['a key off its curve', [{ ...registry, keys: [{ ...ecJwk, y: ecJwk['x'] as Json }] }]],
    ['an RSA key', [{ ...registry, keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] }]],
    ['a key that encrypts', [{ ...registry, keys: [{ ...jwk, crv: 'X25519' }] }]],
    ['a key for encryption', [{ ...registry, keys: [{ ...jwk, use: 'enc' }] }]],
    ['a key with a member that is not known', [{ ...registry, keys: [{ ...jwk, ext: true }] }]],
    ['no status issuers', [{ ...registry, status_issuers: [] }]],
    ['a status issuer that is no text', [{ ...registry, status_issuers: [1] }]],
    ['no snapshots', [{ ...whole, status_snapshots: [] }]],
    ['a snapshot without token', [{ ...whole, status_snapshots: [{ ...snapshot, token: '' }] }]],
    [
      'a snapshot that is no token',
      [{ ...whole, status_snapshots: [{ ...snapshot, token: '{}' }] }],
    ],
    [
      'a snapshot with a member that is not known',
      [{ ...whole, status_snapshots: [{ ...snapshot, ttl: 1 }] }],
    ],
    [
      'a snapshot from after the list',
      [{ ...whole, status_snapshots: [{ ...snapshot, fetched_at: iat + 1 }] }],
    ],
    ['a status list twice', [{ ...whole, status_snapshots: [snapshot, snapshot] }]],
  ]
  for (const [name, content] of entries) {
    malformed('3')(name, await sign({ ...payload, entries: content }))
  }

  const unsigned = bad('4 (2)', 'jws.signature-invalid')
  unsigned('signed by somebody else', await sign(payload, signers.somebody_else))
  unsigned(
    'signed by an issuer of the list',
    await sign({ ...payload, entries: [whole] }, signers.chamber),
  )
  unsigned('another payload', `${head}.${encode({ ...payload, sequence: 42 })}.${signature}`)
  unsigned('another alg', `${encode({ alg: 'ES256', typ })}.${body}.${signature}`)
  unsigned('a key that the reader was not given', minimal, {
    keys: [keys.publisher_es256.publicJwk],
  })
  const stranger = bad('4 (3)', 'issuer.untrusted')
  stranger('another publisher', await sign({ ...payload, iss: 'https://police.example' }))
  stranger('a slash more', await sign({ ...payload, iss: `${reader.publisher}/` }))
  bad('4 (4)', 'trust-list.expired')('expired', minimal, { now: payload.exp + 60 })
  bad('4 (4)', 'trust-list.not-yet-valid')('from the future', minimal, { now: iat - 61 })
  bad('4 (5)', 'trust-list.outdated')('an older list', minimal, {
    previous: { sequence: 42, digest: first.remembered.digest },
  })
  bad('4 (5)', 'trust-list.outdated')('an older list, by number alone', minimal, {
    previous: { sequence: 42 },
  })
  bad('4 (5)', 'trust-list.conflicting')(
    'another list with the same number',
    await sign({ ...payload, entries: [] }),
    { previous: first.remembered },
  )

  return {
    keys: {
      note: 'Keys for tests. Their private parts are published: nobody may ever trust them.',
      ...(keys as unknown as JsonObject),
    },
    valid: { reader, lists: validLists },
    invalid: { reader, lists: invalidLists },
  }
}

async function signerOf(
  privateJwk: PrivateJwk,
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Signer> {
  const { d: _, ...publicJwk } = privateJwk
  const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
  return {
    ...signer,
    sign: async (data) => {
      const old = known.get(new TextDecoder().decode(data))
      const fits =
        old !== undefined &&
        (await verifySignature(signer.algorithm, publicJwk, data, old)) === true
      return fits ? old : signer.sign(data)
    },
  }
}

/** The same bytes in base64url that is not canonical: an unused bit is set. */
function nextLetter(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return letters[letters.indexOf(letter) + 1] ?? ''
}
