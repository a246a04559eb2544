import { fromBase58, type Jwk, toBase58 } from '@asoba/core'
import { describe, expect, test, vi } from 'vitest'
import {
  createKey,
  type DidMethod,
  dereference,
  didJwkOf,
  didKeyOf,
  didResolver,
  findVerificationKeys,
  holderKeys,
  jwk,
  jwkToMultikey,
  key,
  keyMethod,
  resolutionErrorCode,
  resolutionProblem,
  type VerificationRelationship,
  webMethod,
} from '../src/index.ts'
import { allowInsecureLoopback } from '../src/unsafe.ts'

const resolver = didResolver({ methods: [key, jwk] })

/** A method that serves the given documents and counts how often it is asked. */
function served(documents: Readonly<Record<string, unknown>>, name = 'example') {
  const asked: string[] = []
  const method: DidMethod = {
    name,
    async resolve({ did }) {
      asked.push(did)
      const document = documents[did]
      return document === undefined
        ? { didResolutionMetadata: { error: 'notFound' } }
        : { didDocument: document as object, didResolutionMetadata: {}, didDocumentMetadata: {} }
    },
  }
  return { method, asked }
}

const did = 'did:example:issuer'
const documentWith = (members: object) => ({ id: did, ...members })

describe('a resolver', () => {
  test('answers with DID Resolution errors and never throws', async () => {
    const error = async (text: string, options = {}) =>
      (await resolver.resolve(text, options)).didResolutionMetadata.error
    expect(await error('did:key:')).toBe('invalidDid')
    expect(await error('not a did')).toBe('invalidDid')
    expect(await error(`did:key:${'z'.repeat(3000)}`)).toBe('invalidDid')
    expect(await error('did:key:zzz#a')).toBe('invalidDid')
    expect(await error(undefined as unknown as string)).toBe('invalidDid')
    expect(await error('did:ethr:abc')).toBe('methodNotSupported')
    expect(await error('did:key:zzz', { accept: 'text/html' })).toBe('representationNotSupported')
    expect(await error('did:key:zzz', { versionId: '1' })).toBe('featureNotSupported')
    const thrower = didResolver({
      methods: [{ name: 'example', resolve: () => Promise.reject(new Error('boom')) }],
    })
    expect((await thrower.resolve(did)).didResolutionMetadata.error).toBe('internalError')
  })

  test('refuses a document of another DID, and one that is not valid', async () => {
    const { method } = served({
      'did:example:a': { id: 'did:example:b' },
      'did:example:c': { id: 'did:example:c', verificationMethod: 'none' },
      'did:example:d': { id: 'did:example:d' },
    })
    const some = didResolver({ methods: [method] })
    const error = async (text: string) => (await some.resolve(text)).didResolutionMetadata.error
    expect(await error('did:example:a')).toBe('invalidDidDocument')
    expect(await error('did:example:c')).toBe('invalidDidDocument')
    expect(await error('did:example:d')).toBeUndefined()
    expect(await error('did:example:e')).toBe('notFound')
  })

  test('remembers documents for a while, never failures, and no more than allowed', async () => {
    vi.useFakeTimers()
    try {
      const documents: Record<string, unknown> = { [did]: documentWith({}) }
      const { method, asked } = served(documents)
      const some = didResolver({ methods: [method], cache: { maxEntries: 2, maxAge: 60 } })
      await some.resolve(did)
      await some.resolve(did)
      expect(asked).toHaveLength(1)
      vi.advanceTimersByTime(60_001)
      await some.resolve(did)
      expect(asked).toHaveLength(2)
      await some.resolve('did:example:late')
      documents['did:example:late'] = { id: 'did:example:late' }
      documents['did:example:more'] = { id: 'did:example:more' }
      expect((await some.resolve('did:example:late')).didDocument).not.toBeNull()
      await some.resolve('did:example:more')
      const before = asked.length
      await some.resolve(did)
      expect(asked).toHaveLength(before + 1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('keeps nothing where the cache is off', async () => {
    const { method, asked } = served({ [did]: documentWith({}) })
    const some = didResolver({ methods: [method], cache: false })
    await some.resolve(did)
    await some.resolve(did)
    expect(asked).toHaveLength(2)
  })

  test('asks once for all who wait, and one who gives up does not stop the others', async () => {
    let answer: (() => void) | undefined
    let count = 0
    const method: DidMethod = {
      name: 'example',
      resolve: (_did, { signal }) => {
        count++
        expect(signal).toBeUndefined()
        return new Promise((resolve) => {
          answer = () => resolve({ didDocument: documentWith({}) })
        })
      },
    }
    const some = didResolver({ methods: [method] })
    const controller = new AbortController()
    const impatient = some.resolve(did, { signal: controller.signal })
    const patient = some.resolve(did)
    controller.abort()
    expect((await impatient).didResolutionMetadata.error).toBe('internalError')
    answer?.()
    expect((await patient).didDocument?.id).toBe(did)
    expect(count).toBe(1)
    expect(
      (await some.resolve(did, { signal: controller.signal })).didResolutionMetadata.error,
    ).toBe('internalError')
  })

  test('refuses two methods of one name', () => {
    expect(() => didResolver({ methods: [key, keyMethod()] })).toThrow(TypeError)
  })

  test('says which representation it answers in', async () => {
    const { publicJwk } = await createKey('ES256')
    const type = async (accept?: string) =>
      (await resolver.resolve(didKeyOf(publicJwk), accept === undefined ? {} : { accept }))
        .didResolutionMetadata.contentType
    expect(await type()).toBe('application/did+ld+json')
    expect(await type('application/did+json')).toBe('application/did+json')
    expect(await type('text/html, application/did;q=0.5')).toBe('application/did')
    expect(await type('*/*')).toBe('application/did+ld+json')
  })
})

test('turns errors of DID Core into problem objects of DID Resolution 0.3 and back', () => {
  expect(resolutionProblem('notFound')).toEqual({
    type: 'https://www.w3.org/ns/did#NOT_FOUND',
    title: 'There is no such DID or resource.',
  })
  for (const [written, code] of [
    ['invalidDid', 'invalidDid'],
    ['unsupportedDidMethod', 'methodNotSupported'],
    [{ type: 'https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED' }, 'methodNotSupported'],
    ['https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED', 'representationNotSupported'],
    [{ type: 'https://w3id.org/security#INVALID_PUBLIC_KEY' }, 'invalidPublicKey'],
    ['what is this', 'internalError'],
    [null, 'internalError'],
    [{ type: {} }, 'internalError'],
    ['FEATURE_NOT_SUPPORTED', 'featureNotSupported'],
  ] as const) {
    expect(resolutionErrorCode(written)).toBe(code)
    expect(resolutionErrorCode(resolutionProblem(code))).toBe(code)
  }
})

describe('did:jwk', () => {
  test('resolves the example of its specification, P-256', async () => {
    const example =
      'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
    const { didDocument } = await resolver.resolve(example)
    expect(didDocument?.verificationMethod).toEqual([
      {
        id: `${example}#0`,
        type: 'JsonWebKey',
        controller: example,
        publicKeyJwk: {
          crv: 'P-256',
          kty: 'EC',
          x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
          y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
        },
      },
    ])
    expect(didDocument?.assertionMethod).toEqual([`${example}#0`])
    expect(didDocument?.keyAgreement).toEqual([`${example}#0`])
  })

  test('resolves the example of its specification, X25519 for encryption', async () => {
    const example =
      'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9'
    const { didDocument } = await resolver.resolve(example)
    expect(didDocument?.keyAgreement).toEqual([`${example}#0`])
    expect(didDocument?.authentication).toBeUndefined()
  })

  test('lets `use` and the kind of key decide what it is for', async () => {
    const relationships = async (publicJwk: Jwk) =>
      Object.keys((await resolver.resolve(didJwkOf(publicJwk))).didDocument ?? {}).slice(3)
    const { publicJwk } = await createKey('ES256')
    expect(await relationships({ ...publicJwk, use: 'enc' })).toEqual(['keyAgreement'])
    expect(await relationships({ ...publicJwk, use: 'sig' })).not.toContain('keyAgreement')
    expect(await relationships((await createKey('EdDSA')).publicJwk)).not.toContain('keyAgreement')
  })

  test('refuses a private key, RSA, and what is no key', async () => {
    const { privateJwk } = await createKey('ES256')
    const encode = (value: unknown) =>
      `did:jwk:${btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
    const error = async (text: string) => (await resolver.resolve(text)).didResolutionMetadata.error
    expect(await error(encode(privateJwk))).toBe('invalidDid')
    expect(await error(encode({ kty: 'RSA', n: 'AQAB', e: 'AQAB' }))).toBe(
      'unsupportedPublicKeyType',
    )
    expect(await error(encode({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }))).toBe('invalidDid')
    expect(await error(encode([]))).toBe('invalidDid')
    expect(await error('did:jwk:e30=')).toBe('invalidDid')
    expect(await error('did:jwk:AAAA')).toBe('invalidDid')
    expect(() => didJwkOf(privateJwk)).toThrow(expect.objectContaining({ code: 'key.invalid' }))
  })
})

describe('did:web', () => {
  const answer = (body: unknown, init: ResponseInit = {}) =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      headers: { 'content-type': 'application/did+json' },
      ...init,
    })
  async function resolveWeb(text: string, respond: (url: string) => Response | Promise<Response>) {
    const seen: { url: string; init: RequestInit }[] = []
    const method = webMethod({
      maxBytes: 1000,
      timeout: 50,
      fetch: async (url, init) => {
        seen.push({ url, init })
        return respond(url)
      },
    })
    const { didDocument, didResolutionMetadata } = await didResolver({
      methods: [method],
    }).resolve(text)
    return { didDocument, error: didResolutionMetadata.error, seen }
  }

  test.each([
    ['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
    ['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
    ['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
    ['did:web:xn--80abmf3d.example:a%20b%2Cc', undefined],
    ['did:web:example.com:a%2Cc', 'https://example.com/a%2Cc/did.json'],
  ])('%s lies at %s', async (text, url) => {
    const { didDocument, seen } = await resolveWeb(text, () => answer({ id: text }))
    expect(seen[0]?.url).toBe(url)
    expect(didDocument?.id).toBe(url === undefined ? undefined : text)
    if (url !== undefined) {
      expect(seen[0]?.init).toMatchObject({
        redirect: 'error',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      })
    }
  })

  test.each([
    'did:web:127.0.0.1',
    'did:web:10.0.0.1:a',
    'did:web:2130706433',
    'did:web:0x7f.1',
    'did:web:0x7f000001',
    'did:web:1.2.3.0x4',
    'did:web:localhost',
    'did:web:localhost%3A8080',
    'did:web:a.localhost',
    'did:web:%5B%3A%3A1%5D',
    'did:web:example.com.',
    'did:web:EXAMPLE.com',
    'did:web:-a.example',
    'did:web:a-.example',
    'did:web:a_b.example',
    'did:web:a..example',
    'did:web:example.com%3A0',
    'did:web:example.com%3A65536',
    'did:web:example.com%3A80%3A80',
    'did:web:example.com%2Fa',
    'did:web:user%40example.com',
    'did:web:example.com:..',
    'did:web:example.com:.',
    'did:web:example.com:%2E%2E:a',
    'did:web:example.com:%2e%2e%2fa',
    'did:web:example.com:a%2Fb',
    'did:web:example.com:a%5Cb',
    'did:web:example.com:a%00',
    'did:web:example.com:a%3Fb',
    'did:web:example.com:a%23b',
    'did:web:example.com:a%252e',
    'did:web:example.com:a%FF',
    'did:web:example.com::a',
    'did:web:exa%6Dple.com',
  ])('refuses %s and asks nobody', async (text) => {
    const { error, seen } = await resolveWeb(text, () => answer({ id: text }))
    expect([error, seen.length]).toEqual(['invalidDid', 0])
  })

  const text = 'did:web:nation.example'
  test('says what went wrong on the web', async () => {
    const error = async (respond: () => Response | Promise<Response>) =>
      (await resolveWeb(text, respond)).error
    expect(await error(() => answer('', { status: 404 }))).toBe('notFound')
    expect(await error(() => answer('', { status: 410 }))).toBe('notFound')
    expect(await error(() => answer('', { status: 500 }))).toBe('internalError')
    expect(await error(() => Promise.reject(new TypeError('network')))).toBe('internalError')
    expect(
      await error(() => answer({ id: text }, { headers: { 'content-type': 'text/html' } })),
    ).toBe('representationNotSupported')
    expect(await error(() => answer({ id: text, pad: 'x'.repeat(1000) }))).toBe('internalError')
    expect(await error(() => answer('{'))).toBe('invalidDidDocument')
    expect(await error(() => answer('[]'))).toBe('invalidDidDocument')
    expect(await error(() => answer({ id: 'did:web:other.example' }))).toBe('invalidDidDocument')
    expect(
      await error(() => answer(`{"id":"${text}","a":${'['.repeat(99)}${']'.repeat(99)}}`)),
    ).toBe('invalidDidDocument')
  })

  test('gives up on a host that does not answer', async () => {
    const method = webMethod({
      timeout: 20,
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')))
        }),
    })
    const { didResolutionMetadata } = await didResolver({ methods: [method] }).resolve(text)
    expect(didResolutionMetadata.error).toBe('internalError')
  })

  test('uses plain http on a loopback host only where that was asked for by name', async () => {
    const seen: string[] = []
    const method = webMethod({
      [allowInsecureLoopback]: true,
      fetch: async (url) => {
        seen.push(url)
        return answer('', { status: 404 })
      },
    })
    const loopback = didResolver({ methods: [method] })
    for (const one of [
      'did:web:127.0.0.1%3A8080',
      'did:web:localhost%3A8080:issuer',
      'did:web:127.0.0.2',
      'did:web:nation.example',
    ]) {
      await loopback.resolve(one)
    }
    expect(seen).toEqual([
      'http://127.0.0.1:8080/.well-known/did.json',
      'http://localhost:8080/issuer/did.json',
      'https://nation.example/.well-known/did.json',
    ])
  })
})

describe('the keys of a DID', async () => {
  const a = (await createKey('ES256')).publicJwk
  const b = (await createKey('EdDSA')).publicJwk
  const multikey = (id: string, members = {}) => ({
    id,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: jwkToMultikey(b),
    ...members,
  })
  const jsonWebKey = (id: string, members = {}) => ({
    id,
    type: 'JsonWebKey',
    controller: did,
    publicKeyJwk: a,
    ...members,
  })
  const find = (document: object, query = {}, options = {}) =>
    findVerificationKeys(
      didResolver({ methods: [served({ [did]: document }).method] }),
      { did, relationship: 'assertionMethod', ...query },
      options,
    )
  const ids = async (...input: Parameters<typeof find>) => {
    const result = await find(...input)
    return result.verified ? result.keys.map(({ id }) => id) : result.problems.map((p) => p.code)
  }

  test('are those listed for the purpose, embedded or referred to', async () => {
    const document = documentWith({
      verificationMethod: [jsonWebKey(`${did}#a`), multikey('#b'), multikey(`${did}#c`)],
      assertionMethod: ['#a', `${did}#b`, multikey(`${did}#d`)],
      authentication: ['#c'],
    })
    expect(await ids(document)).toEqual([`${did}#a`, `${did}#b`, `${did}#d`])
    expect(await ids(document, { relationship: 'authentication' })).toEqual([`${did}#c`])
    expect(await ids(document, { kid: '#a' })).toEqual([`${did}#a`])
    expect(await ids(document, { kid: `${did}#d` })).toEqual([`${did}#d`])
    const result = await find(document, { kid: '#b' })
    expect(result).toMatchObject({ verified: true, keys: [{ publicJwk: b, controller: did }] })
  })

  test('are not those listed for another purpose', async () => {
    const document = documentWith({
      verificationMethod: [jsonWebKey('#a')],
      authentication: ['#a', multikey('#b')],
      assertionMethod: ['#gone'],
    })
    expect(await ids(document)).toEqual(['issuer.key-not-found'])
    expect(await ids(document, { kid: '#a' })).toEqual(['issuer.key-not-found'])
    expect(await ids(document, { kid: '#b' })).toEqual(['issuer.key-not-found'])
  })

  test('are not those that another DID controls or that bear its name', async () => {
    const document = documentWith({
      assertionMethod: [
        jsonWebKey('#a', { controller: 'did:example:other' }),
        jsonWebKey('did:example:other#b'),
      ],
    })
    expect(await ids(document)).toEqual(['issuer.key-not-found', 'issuer.key-not-found'])
  })

  test('are named by a DID URL with a fragment of the same DID', async () => {
    const document = documentWith({ assertionMethod: [jsonWebKey('#a')] })
    for (const kid of [
      'a',
      '#',
      '',
      `${did}?versionId=1#a`,
      `${did}/a#a`,
      'did:example:other#a',
      '#a#a',
    ]) {
      expect(await ids(document, { kid })).not.toEqual([`${did}#a`])
    }
    expect(await ids(document, { kid: 'did:example:other#a' })).toEqual(['did.invalid'])
  })

  test('are not those revoked or expired when they are used', async () => {
    const document = documentWith({
      assertionMethod: [
        jsonWebKey('#a', { revoked: '2026-01-01T00:00:00Z' }),
        jsonWebKey('#b', { expires: '2026-06-01T00:00:00Z' }),
      ],
    })
    expect(await ids(document, {}, { at: new Date('2025-12-31') })).toEqual([
      `${did}#a`,
      `${did}#b`,
    ])
    expect(await ids(document, {}, { at: new Date('2026-03-01') })).toEqual([`${did}#b`])
    expect(await ids(document, {}, { at: new Date('2026-07-01') })).toEqual([
      'issuer.key-not-found',
      'issuer.key-not-found',
    ])
  })

  test('are read in every type and form that is deployed', async () => {
    // The base point of secp256k1, whose private key is 1; no browser makes keys of that curve.
    const k: Jwk = {
      kty: 'EC',
      crv: 'secp256k1',
      x: 'eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g',
      y: 'SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg',
    }
    const raw = (jwk: Jwk) => (fromBase58(jwkToMultikey(jwk).slice(1)) as Uint8Array).subarray(2)
    const hex = (bytes: Uint8Array) =>
      Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const written: readonly (readonly [string, object, Jwk])[] = [
      ['JsonWebKey2020', { publicKeyJwk: a }, a],
      ['JwsVerificationKey2020', { publicKeyJwk: b }, b],
      ['Ed25519VerificationKey2018', { publicKeyBase58: toBase58(raw(b)) }, b],
      ['Ed25519VerificationKey2018', { publicKeyHex: hex(raw(b)) }, b],
      ['Ed25519VerificationKey2020', { publicKeyMultibase: jwkToMultikey(b) }, b],
      ['EcdsaSecp256k1VerificationKey2019', { publicKeyHex: hex(raw(k)).toUpperCase() }, k],
      ['EcdsaSecp256k1VerificationKey2019', { publicKeyJwk: k }, k],
      ['EcdsaSecp256r1VerificationKey2019', { publicKeyBase58: toBase58(raw(a)) }, a],
      ['P256Key2021', { publicKeyJwk: a }, a],
      ['JsonWebKey2020', { publicKeyJwk: a, publicKeyMultibase: jwkToMultikey(a) }, a],
    ]
    for (const [type, form, publicJwk] of written) {
      const document = documentWith({
        assertionMethod: [{ id: '#a', type, controller: did, ...form }],
      })
      expect(await find(document), type).toMatchObject({ verified: true, keys: [{ publicJwk }] })
    }
  })

  test('are none of another type, curve or form, and none written in two ways', async () => {
    const other = (await createKey('ES256')).publicJwk
    const multibase = jwkToMultikey(b)
    const bad: readonly (readonly [string, object])[] = [
      ['Ed25519VerificationKey2018', { publicKeyBase58: 'abc' }],
      ['Ed25519VerificationKey2018', { publicKeyBase58: multibase.slice(1) }],
      ['Ed25519VerificationKey2020', { publicKeyMultibase: jwkToMultikey(a) }],
      ['Ed25519VerificationKey2020', { publicKeyHex: 'zz' }],
      ['P256Key2021', { publicKeyJwk: b }],
      ['EcdsaSecp256k1VerificationKey2019', { publicKeyHex: '00'.repeat(33) }],
      ['JsonWebKey', { publicKeyJwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }],
      ['Multikey', { publicKeyMultibase: 'z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq' }],
      ['JsonWebKey2020', { publicKeyJwk: a, publicKeyMultibase: jwkToMultikey(other) }],
      ['JsonWebKey2020', { publicKeyJwk: a, publicKeyBase58: 'abc' }],
      ['JsonWebKey2020', { publicKeyJwk: { ...a, d: a.x } }],
      ['JsonWebKey2020', { publicKeyJwk: a, privateKeyJwk: {} }],
      ['Multikey', { publicKeyMultibase: multibase, secretKeyMultibase: 'z' }],
      ['Multikey', {}],
      ['constructor', { publicKeyJwk: a }],
      ['Bls12381G1Key2020', { publicKeyBase58: 'abc' }],
    ]
    for (const [type, form] of bad) {
      const method = { id: '#a', type, controller: did, ...form }
      const found = await ids(documentWith({ assertionMethod: [method] }))
      expect(found, JSON.stringify(method)).toEqual(['issuer.key-not-found'])
    }
    const twice = documentWith({
      verificationMethod: [jsonWebKey('#a')],
      assertionMethod: [jsonWebKey('#a', { publicKeyJwk: other })],
    })
    expect(await ids(twice)).toEqual(['issuer.key-not-found'])
  })

  test('are found beside methods and services that are malformed', async () => {
    const document = documentWith({
      alsoKnownAs: [7],
      verificationMethod: [
        { id: 7, type: [], controller: 'nobody' },
        'no method',
        jsonWebKey('#a', { revoked: null }),
        { id: '#rsa', type: 'JsonWebKey2020', controller: did, publicKeyJwk: { kty: 'RSA' } },
      ],
      assertionMethod: ['#a', { id: '#broken' }, null],
      service: [{ id: 'no url' }, 'no service'],
    })
    expect(await ids(document, { kid: '#a' })).toEqual([`${did}#a`])
    expect(await ids(document)).toEqual([`${did}#a`])
  })

  test('are named by the DID where there is one alone', async () => {
    const one = documentWith({ assertionMethod: [jsonWebKey('#a')] })
    expect(await ids(one, { kid: did })).toEqual([`${did}#a`])
    const two = documentWith({ assertionMethod: [jsonWebKey('#a'), multikey('#b')] })
    expect(await ids(two, { kid: did })).toEqual(['issuer.key-not-found'])
    expect(await ids(two)).toEqual([`${did}#a`, `${did}#b`])
  })

  test('are none where the DID is deactivated, unknown, broken or of another method', async () => {
    const codes = async (resolve: DidMethod['resolve'], text = did) => {
      const some = didResolver({ methods: [{ name: 'example', resolve }] })
      const result = await findVerificationKeys(some, { did: text, relationship: 'authentication' })
      return !result.verified && result.problems.map(({ code }) => code)
    }
    const document = documentWith({ authentication: [jsonWebKey('#a')] })
    const deactivated = { deactivated: true }
    expect(
      await codes(async () => ({ didDocument: document, didDocumentMetadata: deactivated })),
    ).toEqual(['did.deactivated'])
    expect(
      await codes(async () => ({ didDocument: null, didDocumentMetadata: deactivated })),
    ).toEqual(['did.deactivated'])
    expect(await codes(async () => ({ didDocument: null }))).toEqual(['did.not-found'])
    expect(await codes(async () => ({ didDocument: {} }))).toEqual(['did.invalid'])
    expect(await codes(async () => ({}), 'did:other:a')).toEqual(['did.method-unsupported'])
    expect(await codes(async () => ({}), 'nonsense')).toEqual(['did.invalid'])
    expect(
      await codes(async () => ({
        didDocument: document,
        didResolutionMetadata: { error: 'notFound' },
      })),
    ).toEqual(['did.not-found'])
  })

  test('are found through any resolver of the shape of did-resolver, which is not believed', async () => {
    const foreign = (didDocument: object) => ({
      resolve: async () => ({ didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} }),
    })
    const query = { did, relationship: 'assertionMethod' } as const
    const good = documentWith({ assertionMethod: [jsonWebKey('#a')] })
    expect(await findVerificationKeys(foreign(good), query)).toMatchObject({ verified: true })
    const other = { ...good, id: 'did:example:other' }
    expect(await findVerificationKeys(foreign(other), query)).toMatchObject({ verified: false })
    const thrower = { resolve: () => Promise.reject(new Error('boom')) }
    expect(await findVerificationKeys(thrower, query)).toMatchObject({ verified: false })
  })

  test('of a holder are those for authentication', async () => {
    const holder = didKeyOf(a)
    const find = holderKeys(resolver)
    const method = `${holder}#${holder.slice(8)}`
    expect(await find(method)).toMatchObject({ verified: true, publicJwk: a, controller: holder })
    for (const wrong of [holder, `${holder}#other`, '', '#a', 'https://a.example#a']) {
      expect((await find(wrong)).verified).toBe(false)
    }
  })
})

describe('a DID URL', async () => {
  const { publicJwk } = await createKey('ES256')
  const method = { id: '#a', type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk }
  const inner = { ...method, id: `${did}#b` }
  const service = (id: string, serviceEndpoint: unknown) => ({ id, type: 'Files', serviceEndpoint })
  const document = documentWith({
    verificationMethod: [method],
    authentication: [inner],
    assertionMethod: ['#a'],
    service: [
      service('#files', 'https://files.example/base/'),
      service(`${did}#map`, { uri: 'https://files.example' }),
      service('#urn', 'urn:uuid:1'),
    ],
  })
  const seen: unknown[] = []
  const source: DidMethod = {
    name: 'example',
    resolve: async (_did, options) => {
      seen.push(options)
      return { didDocument: document }
    },
  }
  const get = (url: string, options = {}) =>
    dereference(didResolver({ methods: [source] }), url, options)

  test('leads to the document, a key or a service', async () => {
    expect((await get(did)).content).toEqual(document)
    expect((await get(`${did}#a`)).content).toEqual(method)
    expect((await get(`${did}#b`)).content).toEqual(inner)
    expect((await get(`${did}#files`)).content).toEqual(document['service' as keyof object]?.[0])
  })

  test('calls only the document a DID document', async () => {
    const type = async (url: string) => (await get(url)).dereferencingMetadata.contentType
    expect(await type(did)).toBe('application/did+ld+json')
    expect(await type(`${did}#a`)).toBe('application/json')
    expect(await type(`${did}#files`)).toBe('application/json')
    expect(await type(`${did}?service=files`)).toBe('text/uri-list')
  })

  test('leads to a key only for the purpose asked for', async () => {
    const relationship = async (url: string, verificationRelationship: VerificationRelationship) =>
      (await get(url, { verificationRelationship })).dereferencingMetadata.error
    expect(await relationship(`${did}#a`, 'assertionMethod')).toBeUndefined()
    expect(await relationship(`${did}#b`, 'authentication')).toBeUndefined()
    expect(await relationship(`${did}#a`, 'authentication')).toBe(
      'invalidRelationshipForVerificationMethod',
    )
    expect(await relationship(`${did}#files`, 'authentication')).toBe('notFound')
  })

  test('leads to the endpoint of a service, and nowhere beyond its origin', async () => {
    const url = async (query: string) => {
      const { content, dereferencingMetadata } = await get(`${did}?${query}`)
      return content ?? dereferencingMetadata.error
    }
    expect(await url('service=files')).toBe('https://files.example/base/')
    expect(await url('service=files&relativeRef=a%2Fb%3Fc')).toBe(
      'https://files.example/base/a/b?c',
    )
    expect(await url('service=files&relativeRef=%2Fother')).toBe('https://files.example/other')
    expect(await url('service=files&relativeRef=a+b')).toBe('https://files.example/base/a+b')
    expect(await url('service=files#part')).toBe('https://files.example/base/#part')
    expect(await url('service=files&relativeRef=%2F%2Fevil.example')).toBe('invalidDidUrl')
    expect(await url('service=files&relativeRef=https%3A%2F%2Fevil.example')).toBe('invalidDidUrl')
    expect(await url('service=files&relativeRef=%5C%5Cevil.example')).toBe('invalidDidUrl')
    expect(await url('service=urn&relativeRef=a')).toBe('invalidDidUrl')
    expect(await url('service=map')).toBe('notFound')
    expect(await url('service=gone')).toBe('notFound')
    expect(await url('service=files&service=urn')).toBe('invalidDidUrl')
  })

  test('asks the method for the version', async () => {
    await get(`${did}?versionId=3&versionTime=2026-01-01T00:00:00Z`)
    expect(seen.at(-1)).toEqual({ versionId: '3', versionTime: '2026-01-01T00:00:00Z' })
  })

  test('that leads nowhere says so', async () => {
    const error = async (url: string) => (await get(url)).dereferencingMetadata.error
    expect(await error(`${did}#gone`)).toBe('notFound')
    expect(await error(`${did}/path`)).toBe('notFound')
    expect(await error('https://a.example')).toBe('invalidDidUrl')
    expect(await error('did:other:a#b')).toBe('methodNotSupported')
  })
})
