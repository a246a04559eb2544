import type { JsonObject } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import { everythingIn } from '@asoba/testing'
import { oidfSuite } from '@asoba/testing/oidf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IssuanceClientOptions } from '../../src/wallet.ts'
import { before, type CopyChange, origin, refusal, type Script, vct } from './scripted-issuer.ts'
import { keyPair, preAuthorizedCode } from './world.ts'

const status = (idx: number, more: JsonObject = {}): JsonObject => ({
  status: { status_list: { uri: 'https://scripted.example/list', idx, ...more } },
})
const another = await keyPair()

describe('copies', () => {
  test('that have nothing in common are one credential', async () => {
    const { person, read } = await before({ copy: (at) => ({ claims: status(at) }) })
    expect((await person.accept(await read(), {})).credentials).toMatchObject([{ copies: 3 }])
  })

  test('that are fewer than asked for are taken, and counted', async () => {
    const { person, read } = await before({
      credential: ({ credentials }) => ({ credentials: (credentials as JsonObject[]).slice(1) }),
    })
    expect((await person.accept(await read(), {})).credentials).toMatchObject([{ copies: 2 }])
  })

  test.each<[string, (at: number) => CopyChange, RegExp]>([
    ['share a salt', () => ({ salt: 'salt' }), /in common/],
    ['share a decoy', () => ({ decoy: 'A'.repeat(43) }), /in common/],
    ['share a status entry', () => ({ claims: status(1) }), /in common/],
    [
      'share a status entry in other words',
      (at) => ({ claims: status(1, { mark: at }) }),
      /in common/,
    ],
    ['share an id', () => ({ claims: { jti: 'x' } }), /in common/],
    ['say different things', (at) => ({ name: `Alesia ${at}` }), /copies are not of one/],
    ['are marked', (at) => ({ claims: { batch: at } }), /copies are not of one/],
    ['are bound to the key of somebody else', () => ({ key: another.publicJwk }), /not-ours/],
    ['are of another type', () => ({ claims: { vct: `${vct}/2` } }), /credential-unexpected/],
    [
      'are of another type for one of them',
      (at) => (at === 2 ? { claims: { vct: `${vct}/2` } } : {}),
      /credential-unexpected/,
    ],
  ])('that %s are refused, and nothing is stored', async (_title, copy, message) => {
    const { person, read, wallet } = await before({ copy })
    expect(await refusal(person.accept(await read(), {}))).toMatch(message)
    expect(await wallet.list()).toEqual([])
  })

  test('of an issuer in whose name this one may not speak are refused where the wallet looks', async () => {
    const seen: unknown[] = []
    const { person, read, wallet } = await before(
      {},
      {
        accepts: (view, from) => {
          seen.push(from)
          return view.issuer === 'did:web:registry.example'
        },
      },
    )
    expect(await refusal(person.accept(await read(), {}))).toMatch(/credential-unexpected/)
    expect(seen).toEqual([{ issuer: origin, configuration: 'citizen' }])
    expect(await wallet.list()).toEqual([])
  })
})

describe('what a holder was shown', () => {
  test('is what is asked for: an issuer that describes something else meanwhile gets no code', async () => {
    let type = vct
    const { person, read, heard, wallet } = await before({
      metadata: (right) => {
        const { citizen } = right['credential_configurations_supported'] as Record<
          string,
          JsonObject
        >
        return {
          ...right,
          credential_configurations_supported: { citizen: { ...citizen, vct: type } },
        }
      },
    })
    const offer = await read()
    type = `${vct}/2`
    expect(await refusal(person.accept(offer, {}))).toMatch(/^issuance.malformed .*otherwise/)
    expect(heard.map(({ path }) => path)).not.toContain('/token')
    expect(await wallet.list()).toEqual([])
  })

  test('is what is renewed', async () => {
    let type = vct
    const { person, read } = await before({
      token: (right) => ({ ...right, refresh_token: 'refresh-1' }),
      metadata: (right) => {
        const { citizen } = right['credential_configurations_supported'] as Record<
          string,
          JsonObject
        >
        return {
          ...right,
          credential_configurations_supported: { citizen: { ...citizen, vct: type } },
        }
      },
    })
    const { renewal = '' } = await person.accept(await read(), {})
    type = `${vct}/2`
    expect(await refusal(person.renew(renewal))).toMatch(/^issuance.malformed .*otherwise/)
  })
})

describe('a token', () => {
  const identifiers = (...texts: string[]) => ({
    authorization_details: [
      {
        type: 'openid_credential',
        credential_configuration_id: 'citizen',
        credential_identifiers: texts,
      },
    ],
  })

  test('for several credentials of one kind brings them all', async () => {
    const { person, read, wallet, heard } = await before({
      token: (right) => ({ ...right, ...identifiers('a', 'b') }),
      copy: (_at, request) => ({ name: `of ${String(request['credential_identifier'])}` }),
    })
    expect((await person.accept(await read(), {})).credentials).toHaveLength(2)
    expect(await wallet.list()).toHaveLength(2)
    const asked = heard.filter(({ path }) => path === '/credential').map(({ text }) => text)
    expect(asked.every((text) => !text.includes('credential_configuration_id'))).toBe(true)
  })

  test('for more than anybody has is refused', async () => {
    const many = Array.from({ length: 21 }, (_each, at) => `${at}`)
    const { person, read } = await before({
      token: (right) => ({ ...right, ...identifiers(...many) }),
    })
    expect(await refusal(person.accept(await read(), {}))).toMatch(/^issuance.malformed/)
  })

  test.each(['a\nb', 'a b', '', 'ж', 'x'.repeat(65_537)])(
    'that no header can hold (%#) is refused',
    async (access_token) => {
      const { person, read } = await before({ token: (right) => ({ ...right, access_token }) })
      expect(await refusal(person.accept(await read(), {}))).toMatch(/^issuance.malformed/)
    },
  )

  test('is renewed by the same text where no other is given, and for the same credentials', async () => {
    const forms: URLSearchParams[] = []
    const { person, read, heard } = await before({
      token: (right, form) => {
        forms.push(form)
        return forms.length === 1
          ? { ...right, ...identifiers('a'), refresh_token: 'refresh-1' }
          : right
      },
    })
    const { renewal = '' } = await person.accept(await read(), {})
    const again = await person.renew(renewal)
    expect(again.credentials).toMatchObject([{ copies: 6 }])
    await person.renew(again.renewal ?? '')
    expect(forms.map((form) => form.get('refresh_token'))).toEqual([null, 'refresh-1', 'refresh-1'])
    expect(heard.at(-1)?.text).toContain('"credential_identifier":"a"')
  })
})

describe('a server that wants a challenge in the proof of the wallet', () => {
  const attested = async (): Promise<Partial<IssuanceClientOptions>> => {
    const { signer } = await keyPair()
    return { clientId: 'wallet', attestation: async () => ({ jwt: 'a.b.c', signer }) }
  }
  const server: Script['server'] = (right) => ({
    ...right,
    token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'],
  })
  const challenge = (): Response =>
    Response.json(
      { error: 'use_attestation_challenge' },
      { status: 400, headers: { 'oauth-client-attestation-challenge': 'challenge-1' } },
    )
  const challengeIn = (headers: Headers): unknown => {
    const [, payload = ''] = (headers.get('oauth-client-attestation-pop') ?? '').split('.')
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    return (JSON.parse(text) as JsonObject)['challenge']
  }

  test('gets it', async () => {
    const { person, read } = await before(
      {
        server,
        token: (right, _form, headers) =>
          challengeIn(headers) === 'challenge-1' ? right : challenge(),
      },
      await attested(),
    )
    expect((await person.accept(await read(), {})).credentials).toHaveLength(1)
  })

  test('is asked for one first where it gives some', async () => {
    const { person, read, heard } = await before(
      {
        server: (right) => ({
          ...Object(server?.(right)),
          challenge_endpoint: `${origin}/challenge`,
        }),
        at: { [`${origin}/challenge`]: () => ({ attestation_challenge: 'challenge-1' }) },
        token: (right, _form, headers) =>
          challengeIn(headers) === 'challenge-1' ? right : challenge(),
      },
      await attested(),
    )
    expect((await person.accept(await read(), {})).credentials).toHaveLength(1)
    const asked = heard.map(({ path }) => path).filter((path) => /challenge|token/.test(path))
    expect(asked).toEqual(['/challenge', '/token'])
  })

  test.each<[string, () => unknown]>([
    ['is away', () => new Response('', { status: 500 })],
    ['gives nothing', () => ({})],
    ['gives too much', () => ({ attestation_challenge: 'x'.repeat(5000) })],
  ])('goes on where what gives challenges %s', async (_title, answer) => {
    const { person, read } = await before(
      {
        server: (right) => ({
          ...Object(server?.(right)),
          challenge_endpoint: `${origin}/challenge`,
        }),
        at: { [`${origin}/challenge`]: answer },
        token: (right, _form, headers) =>
          challengeIn(headers) === 'challenge-1' ? right : challenge(),
      },
      await attested(),
    )
    expect((await person.accept(await read(), {})).credentials).toHaveLength(1)
  })

  test('is asked twice and no more', async () => {
    const { person, read, heard } = await before(
      { server, token: () => challenge() },
      await attested(),
    )
    expect(await refusal(person.accept(await read(), {}))).toMatch(/^issuance.refused/)
    expect(heard.filter(({ path }) => path === '/token')).toHaveLength(2)
  })
})

test('what comes weeks later is taken: its keys wait as long', async () => {
  const { person, read, clock, wallet } = await before({
    credential: () => Response.json({ transaction_id: 't', interval: 86_400 }, { status: 202 }),
  })
  const { deferred } = await person.accept(await read(), {})
  expect(deferred).toMatchObject([{ configuration: 'citizen', interval: 86_400 }])
  clock.now = new Date(clock.now.getTime() + 20 * 86_400_000)
  await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
  expect((await person.resume(deferred[0]?.session ?? '')).credentials).toMatchObject([
    { copies: 3 },
  ])
})

test('metadata, whatever they are, are judged and never thrown', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }).map((text) => new Response(text)),
  )
  const member = fc.dictionary(
    fc.constantFrom(
      'credential_endpoint',
      'nonce_endpoint',
      'batch_credential_issuance',
      'authorization_servers',
      'credential_configurations_supported',
      'credential_request_encryption',
      'credential_response_encryption',
      'display',
      'issuer',
      'token_endpoint',
      'dpop_signing_alg_values_supported',
      'token_endpoint_auth_methods_supported',
    ),
    fc.jsonValue(),
  )
  let now: { document: unknown; change: object; server: boolean } | undefined
  const { person, link } = await before({
    metadata: (right) =>
      now?.server === false ? (now.document ?? { ...right, ...now.change }) : right,
    server: (right) =>
      now?.server === true ? (now.document ?? { ...right, ...now.change }) : right,
    configuration: {},
  })
  await fc.assert(
    fc.asyncProperty(
      fc.option(anything, { nil: undefined }),
      member,
      fc.boolean(),
      async (document, change, server) => {
        const again = document instanceof Response ? document.clone() : document
        now = { document: again, change, server }
        expect(typeof (await person.readOffer(link)).verified).toBe('boolean')
      },
    ),
    { numRuns: 150 },
  )
})

describe('no error', () => {
  const secrets = {
    code: 'PlantedCode0001',
    txCode: 'PlantedTxCode02',
    access: 'PlantedToken003',
    refresh: 'PlantedRefresh4',
    nonce: 'PlantedNonce005',
    transaction: 'PlantedTransac6',
    words: 'PlantedWords007',
    name: 'PlantedName0008',
  }
  const grants = {
    [preAuthorizedCode]: { 'pre-authorized_code': secrets.code, tx_code: {} },
  }
  const right: Script = {
    grants,
    token: (token) => ({ ...token, access_token: secrets.access, refresh_token: secrets.refresh }),
    nonce: () => ({ c_nonce: secrets.nonce }),
    copy: () => ({ name: secrets.name }),
  }
  const no = (error: string) => (): Response =>
    Response.json({ error, error_description: secrets.words }, { status: 400 })

  test.each<[string, Script]>([
    ['of a token refused', { token: no('invalid_grant') }],
    ['of a token refused in words of the issuer', { token: no(secrets.words) }],
    [
      'of a token with a line break',
      { token: (token) => ({ ...token, access_token: `${secrets.access}\n` }) },
    ],
    [
      'of a token of another kind',
      { token: () => ({ access_token: secrets.access, token_type: secrets.words }) },
    ],
    ['of a nonce refused', { nonce: no('invalid_request') }],
    ['of a credential refused', { credential: no('invalid_proof') }],
    ['of copies alike', { copy: () => ({ name: secrets.name, salt: secrets.words }) }],
    ['of a key of others', { copy: () => ({ name: secrets.name, key: another.publicJwk }) }],
    [
      'of a credential cut',
      { credential: () => ({ credentials: [{ credential: `${secrets.name}~` }] }) },
    ],
    [
      'of a credential of another type',
      { copy: () => ({ name: secrets.name, claims: { vct: secrets.words } }) },
    ],
    ['of no JSON', { credential: () => new Response(secrets.name) }],
  ])('%s holds a code, a token, a claim or words of the issuer', async (_title, script) => {
    const { person, read } = await before({ ...right, ...script })
    const offer = await read()
    const error = await person
      .accept(offer, { txCode: secrets.txCode })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: expect.any(String) })
    for (const word of Object.values(secrets)) expect(everythingIn(error)).not.toContain(word)
  })

  test('of a network that quotes what was sent holds it', async () => {
    for (const path of ['/token', '/nonce', '/credential']) {
      const made = await before({ ...right })
      const quoting: typeof fetch = async (input, init) => {
        if (String(input).endsWith(path)) {
          const headers = JSON.stringify([...new Headers(init?.headers)])
          throw new Error(`${String(init?.body)} ${headers} ${secrets.words}`)
        }
        return made.fetch(input, init)
      }
      const { person } = await before({}, { fetch: quoting })
      const found = await person.readOffer(made.link)
      if (!found.verified) throw new Error('the offer was refused')
      const error = await person
        .accept(found.offer, { txCode: secrets.txCode })
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'network.failed' })
      for (const word of Object.values(secrets)) expect(everythingIn(error)).not.toContain(word)
    }
  })

  test('of what is deferred and comes to nothing holds the transaction', async () => {
    const { person, read } = await before({
      ...right,
      credential: () => Response.json({ transaction_id: secrets.transaction }, { status: 202 }),
      deferred: no('invalid_transaction_id'),
    })
    const { deferred } = await person.accept(await read(), { txCode: secrets.txCode })
    const error = await person.resume(deferred[0]?.session ?? '').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'issuance.refused' })
    for (const word of Object.values(secrets)) expect(everythingIn(error)).not.toContain(word)
  })

  test('of an offer refused holds its code', async () => {
    for (const metadata of [
      () => new Response(secrets.words, { status: 500 }),
      () => ({ credential_issuer: secrets.words }),
      () => new Response(`{"${secrets.words}`, { headers: { 'content-type': 'application/json' } }),
    ]) {
      const { person, link } = await before({ ...right, metadata })
      const read = await person.readOffer(link)
      expect(read.verified).toBe(false)
      for (const word of Object.values(secrets)) expect(everythingIn(read)).not.toContain(word)
    }
  })
})

oidfSuite((faults) => {
  test('the requests of the wallet are those of the conformance suite', async () => {
    const provider = await keyPair()
    const keyAttestation: IssuanceClientOptions['keyAttestation'] = async ({ nonce }) =>
      signJws({ typ: 'key-attestation+jwt' }, { nonce }, provider.signer)
    const alg = { proof_signing_alg_values_supported: ['ES256'] }
    for (const proof_types_supported of [
      { jwt: alg },
      { jwt: { ...alg, key_attestations_required: {} } },
      { attestation: { ...alg, key_attestations_required: {} } },
    ]) {
      const { person, read, heard } = await before(
        { configuration: { proof_types_supported } },
        { keyAttestation },
      )
      await person.accept(await read(), {}).catch(() => undefined)
      const [sent] = heard.filter(({ path }) => path === '/credential')
      expect(await faults('credential_request', JSON.parse(sent?.text ?? 'null'))).toEqual([])
    }
  })
})
