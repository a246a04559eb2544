import { createKey, didJwkOf, didResolver, jwk, jwkSigner } from '@asoba/did'
import { describe, expect, test } from 'vitest'
import {
  clientId,
  encryptionKey,
  holder,
  host,
  linkWith,
  openedAnswer,
  parametersWith,
  readingOf,
  requestObject,
  requestUri,
  responseUri,
  serving,
} from './by-hand.ts'
import { certified, codes, didSigner, now, query, signer } from './world.ts'

const read = async (...input: Parameters<typeof readingOf>) =>
  codes((await readingOf(...input)).reading)
const readLink = async (parameters: object, ...client: Parameters<typeof holder>) =>
  codes(await (await holder(...client)).client.readRequest(linkWith({ ...parameters })))

describe('a request by reference', () => {
  test('is read, and says who asks, for what, and where the answer goes', async () => {
    const { reading } = await readingOf()
    if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
    const { incoming } = reading
    expect(incoming.verifier).toMatchObject({ by: 'x509', clientId })
    expect(incoming.verifier.names).toContain(`https://${host}`)
    expect(incoming.request).toMatchObject({
      audience: clientId,
      nonce: 'nonce-of-the-request',
      responseUri,
      encryptionKeyThumbprint: encryptionKey.publicJwk.kid,
    })
    expect(incoming.reply).toMatchObject({ kind: 'post', uri: responseUri })
    expect(JSON.parse(JSON.stringify(incoming))).toEqual(incoming)
  })

  test('is answered to the response URI, encrypted, with its state', async () => {
    const { client, reading, sent } = await readingOf()
    if (!reading.verified) throw new Error('refused')
    const [match] = await client.match(reading.incoming)
    if (match === undefined) throw new Error('no match')
    expect(await client.respond(reading.incoming, match)).toEqual({ kind: 'posted' })
    const { url, form } = sent.at(-1) ?? { form: new URLSearchParams() }
    expect([url, [...form.keys()]]).toEqual([responseUri, ['response']])
    const answer = await openedAnswer(form.get('response') ?? '')
    expect(answer).toMatchObject({
      state: 'state-of-the-request',
      vp_token: { citizen: [expect.any(String)] },
    })
  })

  test('is encrypted by what the verifier names, the better of two', async () => {
    const both = { encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] }
    const metadata = { jwks: { keys: [encryptionKey.publicJwk] } }
    for (const [more, enc] of [
      [{}, 'A128GCM'],
      [both, 'A256GCM'],
      [{ encrypted_response_enc_values_supported: ['A128GCM'] }, 'A128GCM'],
    ] as const) {
      const { reading } = await readingOf({ client_metadata: { ...metadata, ...more } })
      expect(reading.verified && reading.incoming.reply.encryption?.enc).toBe(enc)
    }
    const other = { encrypted_response_enc_values_supported: ['A128CBC-HS256'] }
    expect(await read({ client_metadata: { ...metadata, ...other } })).toEqual([
      'request.unsupported',
    ])
  })

  test('is answered in the open only where it asks for that', async () => {
    const { client, reading, sent } = await readingOf({ response_mode: 'direct_post' })
    if (!reading.verified) throw new Error('refused')
    const [match] = await client.match(reading.incoming)
    if (match === undefined) throw new Error('no match')
    await client.respond(reading.incoming, match)
    const { form = new URLSearchParams() } = sent.at(-1) ?? {}
    expect([...form.keys()]).toEqual(['vp_token', 'state'])
    expect(JSON.parse(form.get('vp_token') ?? '')).toHaveProperty('citizen')
    expect(await read({ client_metadata: undefined })).toEqual(['request.unsupported'])
  })

  test('is refused where it came as something else, or not at all', async () => {
    const object = await requestObject(parametersWith())
    const link = { client_id: clientId, request_uri: requestUri }
    const served: readonly Parameters<typeof holder>[1][] = [
      serving(object, 'application/jwt'),
      () => new Response(object, { status: 404 }),
      () => new Response(null, { status: 204 }),
      () => new Response('x'.repeat(300_000)),
      () => Promise.reject(new Error('network')),
    ]
    for (const each of served) {
      expect(await readLink(link, {}, each)).toEqual(['request.unavailable'])
    }
    const plain = { ...link, request_uri: requestUri.replace('https', 'http') }
    expect(await readLink(plain)).toEqual(['request.malformed'])
    expect(await readLink({ ...link, request_uri_method: 'PUT' })).toEqual(['request.unsupported'])
    expect(await readLink({ ...link, request: object })).toEqual(['request.malformed'])
  })

  test('is not followed to other places', async () => {
    const inits: (RequestInit | undefined)[] = []
    const object = await requestObject(parametersWith())
    const { client } = await holder({}, (url, init) => {
      inits.push(init)
      return serving(object)(url)
    })
    const reading = await client.readRequest(
      linkWith({ client_id: clientId, request_uri: requestUri }),
    )
    if (!reading.verified) throw new Error('refused')
    await client.decline(reading.incoming)
    for (const init of inits) {
      expect(init).toMatchObject({ redirect: 'error', credentials: 'omit' })
    }
    expect(inits).toHaveLength(2)
  })

  test('by POST brings the nonce of this wallet, or is refused', async () => {
    const link = { client_id: clientId, request_uri: requestUri, request_uri_method: 'post' }
    const echo =
      (change: (nonce: string) => string | undefined) =>
      async (url: string, init?: RequestInit): Promise<Response> => {
        const nonce = new URLSearchParams(String(init?.body)).get('wallet_nonce') ?? ''
        const object = await requestObject(parametersWith({ wallet_nonce: change(nonce) }))
        return serving(object)(url)
      }
    expect(
      await readLink(
        link,
        {},
        echo((nonce) => nonce),
      ),
    ).toEqual([])
    expect(
      await readLink(
        link,
        {},
        echo(() => undefined),
      ),
    ).toEqual(['request.malformed'])
    expect(
      await readLink(
        link,
        {},
        echo((nonce) => `${nonce}x`),
      ),
    ).toEqual(['request.malformed'])
  })

  test('by POST is told what all wallets say, and nothing of this one', async () => {
    const forms: string[] = []
    for (let round = 0; round < 2; round++) {
      const { client, sent } = await holder()
      await client.readRequest(
        linkWith({ client_id: clientId, request_uri: requestUri, request_uri_method: 'post' }),
      )
      const { form = new URLSearchParams() } = sent[0] ?? {}
      expect(form.get('wallet_nonce')).toMatch(/^[\w-]{22}$/)
      form.delete('wallet_nonce')
      forms.push(form.toString())
    }
    expect(forms[0]).toBe(forms[1])
  })
})

describe('a client identifier', () => {
  test('x509_hash is that of the leaf, and the response URI is the signer’s to say', async () => {
    const other = await certified('other.example')
    const hash = async ({ x5c = [] }: typeof signer) => {
      const der = Uint8Array.from(atob(x5c[0] ?? ''), (char) => char.charCodeAt(0))
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der))
      return btoa(String.fromCharCode(...digest))
        .replace(/\+/g, '-')
        .replace(/\//g, '_')
        .replace(/=+$/, '')
    }
    const client_id = `x509_hash:${await hash(other)}`
    expect(await read({ client_id }, { by: other })).toEqual([])
    expect(await read({ client_id }, { by: signer })).toEqual(['request.client-invalid'])
  })

  test('x509_san_dns is a name in the certificate, whole', async () => {
    const response_uri = 'https://other.example/'
    const client_id = 'x509_san_dns:other.example'
    expect(await read({ client_id, response_uri })).toEqual(['request.client-invalid'])
    const wild = await certified('*.clinic.example')
    for (const name of ['*.clinic.example', 'a.clinic.example']) {
      expect(await read({ client_id: `x509_san_dns:${name}`, response_uri }, { by: wild })).toEqual(
        ['request.client-invalid'],
      )
    }
  })

  test('x509_san_dns compares hosts without case (RFC 5280 section 7.2)', async () => {
    const client_id = `x509_san_dns:${host.toUpperCase()}`
    expect(await read({ client_id })).toEqual([])
    const response_uri = 'https://other.example/'
    expect(await read({ client_id, response_uri })).toEqual(['request.response-uri-mismatch'])
  })

  test('may have the anchor in its chain; a wallet may demand a usage', async () => {
    const { make } = await import('../../../jwt/test/certificates.ts')
    const root = await make({ name: 'CN=Readers', ca: true })
    const by = await certified(host, root)
    const x5c = [...(by.x5c ?? []), root.base64]
    const verifiers = { x509: [root.der], unsigned: 'refused' } as const
    expect(await read({}, { by, header: { x5c }, client: { verifiers } })).toEqual([])
    const x509Usage = '1.0.18013.5.1.6'
    const { reading } = await readingOf(
      {},
      { by, client: { verifiers: { ...verifiers, x509Usage } } },
    )
    expect(reading.verified ? [] : reading.problems).toMatchObject([
      { code: 'request.untrusted', path: '/x5c/0/extensions/2.5.29.37' },
    ])
  })

  test('is trusted by the anchors of the wallet alone', async () => {
    const { make } = await import('../../../jwt/test/certificates.ts')
    const other = await certified(host, await make({ name: 'CN=Other', ca: true }))
    expect(await read({}, { by: other })).toEqual(['request.untrusted'])
    const verifiers = { unsigned: 'accepted' } as const
    expect(await read({}, { client: { verifiers } })).toEqual(['request.untrusted'])
    const later = new Date('2060-01-01T00:00:00Z')
    expect(await read({}, { client: { now: () => later } })).toEqual(['request.untrusted'])
    expect(await read({}, { header: { x5c: undefined as never } })).toEqual(['request.untrusted'])
  })

  test('decentralized_identifier is signed by a key of the DID that kid names', async () => {
    const by = await didSigner()
    const did = by.verificationMethod.slice(0, -2)
    const client_id = `decentralized_identifier:${did}`
    const verifiers = { did: didResolver({ methods: [jwk] }), unsigned: 'refused' } as const
    const kid = by.verificationMethod
    const client = { verifiers }
    const { reading } = await readingOf({ client_id }, { by, header: { kid }, client })
    expect(reading.verified && reading.incoming.verifier).toEqual({
      by: 'did',
      clientId: client_id,
      names: [],
    })
    expect(await read({ client_id }, { by, client })).toEqual(['request.client-invalid'])
    expect(await read({ client_id }, { by, header: { kid: `${did}#1` }, client })).toEqual([
      'request.untrusted',
    ])
    expect(await read({ client_id }, { by, header: { kid } })).toEqual(['request.unsupported'])
    const { publicJwk, privateJwk } = await createKey('ES256')
    const verificationMethod = `${didJwkOf(publicJwk)}#0`
    const other = await jwkSigner({ privateJwk, verificationMethod })
    expect(await read({ client_id }, { by: other, header: { kid }, client })).toEqual([
      'request.signature-invalid',
    ])
    const header = { kid: verificationMethod }
    expect(await read({ client_id }, { by: other, header, client })).toEqual([
      'request.client-invalid',
    ])
  })

  test('redirect_uri is unsigned, in the link, and its own address', async () => {
    const uri = 'https://stranger.example/response'
    const parameters = parametersWith({ client_id: `redirect_uri:${uri}`, response_uri: uri })
    const { client } = await holder()
    for (const response_uri of [uri, undefined]) {
      const { response_uri: _, ...rest } = parameters
      const link = linkWith(response_uri === undefined ? rest : parameters)
      const reading = await client.readRequest(link)
      if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
      const { verifier, reply } = reading.incoming
      expect(verifier).toEqual({ by: 'nobody', clientId: `redirect_uri:${uri}`, names: [] })
      expect(reply).toMatchObject({ kind: 'post', uri })
    }
    expect(await readLink({ ...parameters, response_uri: `${uri}/` })).toEqual([
      'request.response-uri-mismatch',
    ])
    expect(await read({ client_id: `redirect_uri:${uri}`, response_uri: uri })).toEqual([
      'request.client-invalid',
    ])
    const unsigned = { verifiers: { unsigned: 'refused' } } as const
    expect(await readLink(parameters, unsigned)).toEqual(['request.untrusted'])
  })

  test('that signs must sign', async () => {
    for (const client_id of [clientId, 'x509_hash:x', 'decentralized_identifier:did:jwk:x', 'me']) {
      expect(await readLink(parametersWith({ client_id }))).toEqual(['request.signature-invalid'])
    }
  })

  test('origin: is refused in any request', async () => {
    const client_id = `origin:https://${host}`
    expect(await readLink(parametersWith({ client_id }))).toEqual(['request.client-invalid'])
    expect(await read({ client_id })).toEqual(['request.client-invalid'])
    expect(await read({ client_id }, { link: { client_id: clientId } })).toEqual([
      'request.client-invalid',
    ])
    expect(await read({ client_id: client_id.toUpperCase() })).toEqual(['request.client-invalid'])
  })

  test('is one that the wallet knows', async () => {
    for (const client_id of [
      'clinic',
      'verifier_attestation:clinic',
      'openid_federation:https://clinic.example',
      ' x509_san_dns:clinic.example',
      'X509_SAN_DNS:clinic.example',
    ]) {
      expect(await read({ client_id })).toEqual(['request.client-invalid'])
    }
  })
})

describe('the parameters', () => {
  test('are those of the request object alone', async () => {
    const link = { nonce: 'another', response_uri: 'https://other.example/', state: 'another' }
    const { reading } = await readingOf({}, { link })
    expect(reading.verified && reading.incoming.request.nonce).toBe('nonce-of-the-request')
    expect(reading.verified && reading.incoming.reply).toMatchObject({ uri: responseUri })
  })

  test('are judged together, and every fault is named', async () => {
    const change = { nonce: undefined, response_type: 'code', dcql_query: { credentials: [] } }
    const { reading } = await readingOf(change)
    expect(codes(reading)).toEqual([
      'request.unsupported',
      'request.nonce-missing',
      'request.malformed',
    ])
  })

  test('with parameters that are null are those without them', async () => {
    const nothing = {
      ...{ scope: null, redirect_uri: null, transaction_data: null, verifier_info: null },
      state: null,
    }
    expect(await read(nothing)).toEqual([])
    expect(await read({ ...nothing, nonce: null })).toEqual(['request.nonce-missing'])
    const asked = { ...query.credentials[0], multiple: null, trusted_authorities: null }
    expect(await read({ dcql_query: { credentials: [asked], credential_sets: null } })).toEqual([])
  })

  test('say what is wrong with the encryption that they want', async () => {
    const details = async (client_metadata: object): Promise<readonly unknown[]> => {
      const { reading } = await readingOf({
        response_mode: 'direct_post.jwt',
        client_metadata: client_metadata as never,
      })
      return reading.verified ? [] : reading.problems.map(({ detail, path }) => [path, detail])
    }
    const right = parametersWith()['client_metadata'] as object
    const noKey = ['/client_metadata/jwks', expect.stringMatching(/no P-256 key/)]
    const noEnc = [
      '/client_metadata/encrypted_response_enc_values_supported',
      expect.stringMatching(/neither A256GCM nor A128GCM/),
    ]
    const encrypted_response_enc_values_supported = ['A128CBC-HS256', 'XC20P']
    expect(await details(right)).toEqual([])
    expect(await details({ ...right, jwks: { keys: [] } })).toEqual([noKey])
    expect(await details({ ...right, encrypted_response_enc_values_supported })).toEqual([noEnc])
    expect(await details({ jwks: null, encrypted_response_enc_values_supported })).toEqual([
      noKey,
      noEnc,
    ])
  })

  test('are refused where the wallet does not know what they mean', async () => {
    const wrong: readonly [object, string][] = [
      [{ response_type: 'vp_token id_token' }, 'request.unsupported'],
      [{ response_mode: 'fragment' }, 'request.unsupported'],
      [{ response_mode: undefined }, 'request.unsupported'],
      [{ response_mode: 'dc_api.jwt' }, 'request.unsupported'],
      [{ scope: 'citizen', dcql_query: undefined }, 'request.unsupported'],
      [{ scope: 'citizen' }, 'request.malformed'],
      [{ dcql_query: undefined }, 'request.malformed'],
      [
        { dcql_query: { ...query, credential_sets: [{ options: [['other']] }] } },
        'request.malformed',
      ],
      [{ nonce: 'with space' }, 'request.nonce-missing'],
      [{ nonce: 7 }, 'request.nonce-missing'],
      [{ state: 7 }, 'request.malformed'],
      [{ response_uri: 'http://clinic.example/' }, 'request.malformed'],
      [{ response_uri: 'https://user@clinic.example/' }, 'request.malformed'],
      [{ response_uri: undefined }, 'request.malformed'],
      [{ verifier_info: [] }, 'request.malformed'],
      [{ verifier_info: [{ format: 'jwt' }] }, 'request.malformed'],
      [{ transaction_data: [] }, 'request.malformed'],
      [{ aud: 'https://another-wallet.example' }, 'request.expired'],
      [{ exp: now.getTime() / 1000 }, 'request.expired'],
      [{ exp: 'never' }, 'request.expired'],
      [{ nbf: now.getTime() / 1000 + 600 }, 'request.expired'],
    ]
    for (const [change, code] of wrong) expect(await read({ ...change })).toEqual([code])
  })

  // OpenID4VP 1.0 6.1.1, 6.4.2; live requests have mso_mdoc_zk beside dc+sd-jwt.
  test('may ask for formats and authorities that the wallet does not know, which match nothing', async () => {
    const zk = { id: 'zk', format: 'mso_mdoc_zk', meta: { doctype_value: 'org.example.age.1' } }
    const [citizen] = query.credentials
    const both = {
      credentials: [zk, citizen],
      credential_sets: [{ options: [['zk'], [citizen?.id]] }],
    }
    const trusted_authorities = [{ type: 'of_another_kind', values: ['x'] }]
    const answered = async (dcql_query: object) => {
      const { reading, client } = await readingOf({ dcql_query })
      if (!reading.verified) return codes(reading)
      const matches = await client.match(reading.incoming)
      return matches.map(({ answers }) => answers.map((each) => each.query))
    }
    expect(await answered(both)).toEqual([[citizen?.id]])
    // Where nothing is left there is no match, for which the answer is access_denied.
    expect(await answered({ credentials: [zk] })).toEqual([])
    expect(await answered({ credentials: [zk, citizen] })).toEqual([])
    expect(await answered({ credentials: [{ ...citizen, trusted_authorities }] })).toEqual([])
  })

  test('that nobody knows are ignored', async () => {
    expect(await read({ extension: { of: 'somebody' }, iss: 'somebody' })).toEqual([])
    // A closed set of metadata stopped other wallets at every new member (SUNET/vc 653).
    const jwks = { keys: [encryptionKey.publicJwk] }
    const client_metadata = { jwks, client_name: 'Clinic', new_member: { of: 'a later version' } }
    expect(await read({ client_metadata, client_id_scheme: 'x509_san_dns' })).toEqual([])
    // Nor is a question of an early draft answered as something else (oid4vc-ts 160).
    const presentation_definition = { id: 'x', input_descriptors: [] }
    expect(await read({ presentation_definition, dcql_query: undefined })).toEqual([
      'request.malformed',
    ])
  })

  test('are no link where they stand twice, or are not there', async () => {
    const { client } = await holder()
    const links = [
      '',
      'openid4vp://',
      'openid4vp://?request_uri=https%3A%2F%2Fclinic.example',
      'openid4vp://?client_id=a&client_id=b',
      `openid4vp://?client_id=${'a'.repeat(300_000)}`,
    ]
    for (const link of links) {
      expect(codes(await client.readRequest(link))).toEqual(['request.malformed'])
    }
    expect(codes(await client.readRequest(undefined as never))).toEqual(['request.malformed'])
    const unsigned = linkWith(
      parametersWith({ client_id: `redirect_uri:${responseUri}`, dcql_query: '{' }),
    )
    expect(codes(await client.readRequest(unsigned))).toEqual(['request.malformed'])
  })
})

describe('a verifier is told that its request is refused', () => {
  test('by the code of the specification, where it is known and may be told', async () => {
    const told: readonly [object, string][] = [
      [{ nonce: undefined }, 'invalid_request'],
      [{ redirect_uri: responseUri }, 'invalid_request'],
      [{ response_type: 'code' }, 'unsupported_response_type'],
      [{ scope: 'citizen', dcql_query: undefined }, 'invalid_scope'],
      [{ scope: 'citizen', dcql_query: null }, 'invalid_scope'],
      // 5.1: one of the two
      [{ scope: 'citizen' }, 'invalid_request'],
      [{ transaction_data: ['e30'] }, 'invalid_transaction_data'],
      [{ transaction_data: ['e30'], nonce: undefined }, 'invalid_request'],
    ]
    for (const [change, error] of told) {
      const { reading, client, sent } = await readingOf({ ...change })
      if (reading.verified || reading.refusal === undefined) throw new Error('nobody to tell')
      expect(sent).toHaveLength(1)
      await client.decline(reading.refusal, reading.refusal.error)
      const { url, form = new URLSearchParams() } = sent.at(-1) ?? {}
      expect([url, Object.fromEntries(form)]).toEqual([
        responseUri,
        { error, state: 'state-of-the-request' },
      ])
    }
  })

  test('but nobody else, and not where there is no way', async () => {
    const silent: readonly Parameters<typeof readingOf>[] = [
      [{ response_uri: 'https://other.example/', nonce: undefined }],
      [{ response_uri: 'x', nonce: undefined }],
      [{ response_mode: 'fragment' }],
      [{ nonce: undefined }, { link: { client_id: 'x509_san_dns:other.example' } }],
      [{ nonce: undefined }, { object: (text) => `${text}A` }],
    ]
    for (const each of silent) {
      const { reading } = await readingOf(...each)
      expect(reading.verified).toBe(false)
      expect(reading).not.toHaveProperty('refusal')
    }
  })
})

describe('an answer', () => {
  const answered = async (served: (url: string) => Response) => {
    const object = await requestObject(parametersWith())
    const { client } = await holder({}, (url) =>
      url === requestUri ? serving(object)(url) : served(url),
    )
    const link = linkWith({ client_id: clientId, request_uri: requestUri })
    const reading = await client.readRequest(link)
    if (!reading.verified) throw new Error('refused')
    const [match] = await client.match(reading.incoming)
    if (match === undefined) throw new Error('no match')
    return client.respond(reading.incoming, match)
  }

  test('says where the browser must go on, where that is on the web', async () => {
    const redirect_uri = 'https://clinic.example/done?response_code=1'
    expect(await answered(() => Response.json({ redirect_uri }))).toEqual({
      kind: 'posted',
      redirectTo: redirect_uri,
    })
    for (const to of [
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://clinic.example/x',
      'intent://x#Intent;end',
      'content://x',
      'http://clinic.example',
      'ftp://clinic.example',
      'wss://clinic.example',
      'https://user@clinic.example',
      '/done',
      '',
      7,
      null,
      {},
      `clinic:${'x'.repeat(9000)}`,
    ]) {
      expect(await answered(() => Response.json({ redirect_uri: to }))).toEqual({ kind: 'posted' })
    }
    expect(await answered(() => new Response('no JSON'))).toEqual({ kind: 'posted' })
  })

  test('says which app the verifier wants opened, and opens none', async () => {
    for (const redirect_uri of [
      'clinic://done?response_code=1',
      'org.example.clinic:/done#response_code=1',
    ]) {
      expect(await answered(() => Response.json({ redirect_uri }))).toEqual({
        kind: 'posted',
        redirectToApp: redirect_uri,
      })
    }
  })

  test('that the verifier did not take is an error', async () => {
    const failing = [
      () => Response.json({}, { status: 400 }),
      () => new Response(null, { status: 204 }),
      () => {
        throw new Error('unreachable')
      },
    ]
    for (const each of failing) {
      await expect(answered(each)).rejects.toMatchObject({ code: 'network.failed' })
    }
  })

  test('can be given up, and so can reading', async () => {
    const signal = AbortSignal.abort()
    const seen: (AbortSignal | null | undefined)[] = []
    const object = await requestObject(parametersWith())
    const { client } = await holder({}, (url, init) => {
      seen.push(init?.signal)
      return serving(object)(url)
    })
    const link = linkWith({ client_id: clientId, request_uri: requestUri })
    const reading = await client.readRequest(link, { signal })
    if (!reading.verified) throw new Error('refused')
    await client.decline(reading.incoming, 'access_denied', { signal })
    expect(seen).toEqual([signal, signal])
  })

  test('is not made for a match of another request', async () => {
    const { client, reading } = await readingOf()
    const other = await readingOf({ nonce: 'another' })
    if (!reading.verified || !other.reading.verified) throw new Error('refused')
    const [match] = await client.match(reading.incoming)
    if (match === undefined) throw new Error('no match')
    await expect(client.respond(other.reading.incoming, match)).rejects.toMatchObject({
      code: 'wallet.match-stale',
    })
  })
})

test('a client is not made where something is missing', async () => {
  const wrong = [
    { wallet: undefined },
    { fetch: undefined },
    { verifiers: undefined },
    { verifiers: {} },
  ]
  for (const change of wrong) await expect(holder(change as never)).rejects.toThrow(TypeError)
})
