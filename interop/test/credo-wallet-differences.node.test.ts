import { createServer, type IncomingMessage } from 'node:http'
import type { AsobaError, Jwk, ProblemCode, Signer } from '@asoba/core'
import { createKey, didJwkOf, didResolver, jwk, jwkSigner } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createPresentationClient, type PresentationClient } from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { type Kms, SdJwtVcRecord } from '@credo-ts/core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Credo, credoAgent, listen } from './credo-agent.ts'
import { credoAnswers, credoCertificates } from './credo-roles.ts'
import { citizenQuery, citizenshipFor } from './nation.ts'

// A verifier that asks as it should not. Both wallets hold a citizenship, and what the verifier got
// of it is looked at where it arrives.

let credo: Credo
let client: PresentationClient
let anchor: string
let x5c: readonly string[]
let signer: Signer
let clientDid: string
/** Where the verifier is reached, and a host of somebody else's. */
let [here, elsewhere] = ['', '']
/** What the verifier serves as its request, and what it answers a wallet's post. */
let served = ''
let answer: { readonly status: number; readonly headers: object; readonly body: string }
/** Where answers arrived. */
let arrived: string[] = []

const server = createServer((incoming, outgoing) => {
  void (async () => {
    const body = await textOf(incoming)
    const { host, pathname } = new URL(incoming.url ?? '', `http://${incoming.headers.host}`)
    if (pathname === '/request') {
      outgoing.writeHead(200, { 'content-type': 'application/oauth-authz-req+jwt' }).end(served)
      return
    }
    if (pathname === '/moved-request') {
      outgoing.writeHead(302, { location: `${elsewhere}/request` }).end()
      return
    }
    if (/(^|&)(vp_token|response)=/.test(body)) arrived.push(`http://${host}${pathname}`)
    const { status, headers, body: text } = pathname === '/response' ? answer : fine
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  })()
})
const fine = { status: 200, headers: {}, body: '{}' } as const

beforeAll(async () => {
  const address = await listen(server)
  elsewhere = address
  here = address.replace('127.0.0.1', 'localhost')
  credo = await credoAgent()
  const { publicJwk, privateJwk } = await createKey('ES256')
  clientDid = didJwkOf(publicJwk)
  signer = await jwkSigner({ privateJwk, verificationMethod: `${clientDid}#0` })
  const made = await credoCertificates(credo, publicJwk)
  anchor = made.anchor
  x5c = [made.leaf.toString('base64')]
  await keepInCredo()
  client = await ourClient()
}, 60_000)
beforeEach(() => {
  answer = fine
  arrived = []
})
afterAll(async () => {
  await credo.close()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

async function keepInCredo(): Promise<void> {
  const { keyId, publicJwk } = await credo.agent.kms.createKey({
    type: { kty: 'EC', crv: 'P-256' },
  })
  const { kid: _, ...bare } = publicJwk as Kms.KmsJwkPublic
  const wire = await citizenshipFor({ kind: 'jwk', publicJwk: bare as Jwk })
  const record = new SdJwtVcRecord({
    credentialInstances: [{ compactSdJwtVc: wire, kmsKeyId: keyId }],
  })
  await credo.agent.sdJwtVc.store({ record })
}

async function ourClient(): Promise<PresentationClient> {
  const wallet = createWallet({ formats: [sdJwtVc()], reuse: 'any' })
  const [holder] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
  if (holder === undefined) throw new Error('there is no key')
  await wallet.receive([await citizenshipFor(holder)])
  return createPresentationClient({
    wallet,
    verifiers: {
      x509: [Uint8Array.from(Buffer.from(anchor, 'base64'))],
      did: didResolver({ methods: [jwk] }),
      unsigned: 'accepted',
    },
    fetch,
    [allowInsecureLoopback]: true,
  })
}

/** How a request differs from a right one, which is by `x509_san_dns`. */
interface Change {
  readonly parameters?: object
  readonly header?: object
  /** Of the link. */
  readonly link?: Readonly<Record<string, string>>
  /** Changes the payload where JSON of objects cannot say it. */
  readonly text?: (payload: string) => string
  readonly by?: 'did'
}

async function requestWith({ parameters, header, link, text, by }: Change): Promise<string> {
  const clientId = by === 'did' ? `decentralized_identifier:${clientDid}` : 'x509_san_dns:localhost'
  const payload = JSON.stringify({
    aud: 'https://self-issued.me/v2',
    response_type: 'vp_token',
    response_mode: 'direct_post',
    client_id: clientId,
    response_uri: `${here}/response`,
    nonce: 'n-0S6_WzA2Mj',
    state: 'state-of-this-request',
    dcql_query: citizenQuery,
    client_metadata: { vp_formats_supported: formats },
    ...parameters,
  })
  const whose = by === 'did' ? { kid: `${clientDid}#0` } : { x5c }
  const head = JSON.stringify({ alg: 'ES256', typ: 'oauth-authz-req+jwt', ...whose, ...header })
  const input = [head, text?.(payload) ?? payload].map((part) => encode(part)).join('.')
  served = `${input}.${encode(await signer.sign(Buffer.from(input)))}`
  const { request_uri: path = '/request', ...rest } = link ?? {}
  const query = { client_id: clientId, request_uri: `${here}${path}`, ...rest }
  return `openid4vp://?${new URLSearchParams(query)}`
}

const formats = { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } }

/** Whether the peer's wallet answered, and what ours did: where its answers went, or why none did. */
async function asked(link: string) {
  const theirs = await credoAnswers(credo, link, { anchors: [anchor] }).catch(() => undefined)
  const credoSentTo = arrived
  arrived = []
  const reading = await client.readRequest(link)
  if (!reading.verified) {
    expect(arrived).toEqual([])
    return { credoSentTo, theirs, ours: reading.problems.map(({ code }) => code) }
  }
  const [match] = await client.match(reading.incoming)
  if (match === undefined) throw new Error('nothing in the wallet answers this')
  const ours = await client
    .respond(reading.incoming, match)
    .catch((error: AsobaError) => error.code)
  return { credoSentTo, theirs, ours, sentTo: arrived }
}

test.each<[string, Change]>([
  ['a certificate', {}],
  ['a DID', { by: 'did' }],
])('both wallets answer a right request by %s', async (_title, change) => {
  const { credoSentTo, ours, sentTo } = await asked(await requestWith(change))
  expect(credoSentTo).toEqual([`${here}/response`])
  expect({ ours, sentTo }).toEqual({ ours: { kind: 'posted' }, sentTo: [`${here}/response`] })
})

const transaction = { type: 'https://bank.example/pay', credential_ids: ['citizen'], amount: '9' }
const ofSomebody = { crit: ['x-extension'], 'x-extension': true }

test.each<[string, Change, ProblemCode]>([
  [
    'was made for wallets of somebody else',
    { parameters: { aud: 'https://wallet.example' } },
    'request.expired',
  ],
  ['has an empty nonce', { parameters: { nonce: '' } }, 'request.nonce-missing'],
  [
    'says nothing of the nonce that a wallet sends by POST',
    { link: { request_uri_method: 'post' } },
    'request.malformed',
  ],
  [
    'wants a transaction that the wallet does not know',
    { parameters: { transaction_data: [encode(JSON.stringify(transaction))] } },
    'request.transaction-unknown',
  ],
  [
    'names its nonce twice',
    { text: (payload) => payload.replace('{', '{"nonce":"another",') },
    'request.malformed',
  ],
  ['has a critical extension that nobody knows', { header: ofSomebody }, 'request.malformed'],
  [
    'is fetched from where another host sends it',
    { link: { request_uri: '/moved-request' } },
    'request.unavailable',
  ],
])('Credo as wallet answers, and ours does not, what %s', async (_title, change, code) => {
  const { credoSentTo, ours } = await asked(await requestWith(change))
  expect(credoSentTo).toEqual([`${here}/response`])
  expect(ours).toEqual([code])
})

test.each<[string, Change, ProblemCode]>([
  ['is over', { parameters: { exp: 1_600_000_000 } }, 'request.expired'],
  ['is for later', { parameters: { nbf: 4_000_000_000 } }, 'request.expired'],
  ['has no nonce', { parameters: { nonce: undefined } }, 'request.nonce-missing'],
  ['is of another type', { header: { typ: 'JWT' } }, 'request.malformed'],
  ['says that it is not signed', { header: { alg: 'none' } }, 'request.malformed'],
  ['says that a MAC protects it', { header: { alg: 'HS256' }, by: 'did' }, 'request.malformed'],
  [
    'is signed by another algorithm',
    { header: { alg: 'EdDSA' }, by: 'did' },
    'request.signature-invalid',
  ],
  [
    'is of another client than its link',
    { link: { client_id: 'x509_san_dns:other.example' } },
    'request.client-invalid',
  ],
  [
    'sends the answer to a host that is not the client',
    { parameters: { response_uri: 'https://other.example/response' } },
    'request.response-uri-mismatch',
  ],
  ['wants a code', { parameters: { response_type: 'code' } }, 'request.unsupported'],
  ['is given twice', { link: { request: 'e30.e30.e30' } }, 'request.malformed'],
])('neither wallet answers what %s', async (_title, change, code) => {
  const { credoSentTo, ours } = await asked(await requestWith(change))
  expect({ credoSentTo, ours }).toEqual({ credoSentTo: [], ours: [code] })
})

test('an answer that a verifier passes on reaches the other host from Credo, not from ours', async () => {
  answer = { status: 307, headers: { location: `${elsewhere}/other` }, body: '' }
  const { credoSentTo, ours, sentTo } = await asked(await requestWith({}))
  expect(credoSentTo).toEqual([`${here}/response`, `${elsewhere}/other`])
  expect({ ours, sentTo }).toEqual({ ours: 'network.failed', sentTo: [`${here}/response`] })
})

test('a script as the place to go on is handed out by Credo, not by ours', async () => {
  answer = { ...fine, body: '{"redirect_uri":"javascript:alert(1)"}' }
  const { theirs, ours } = await asked(await requestWith({}))
  expect(theirs).toMatchObject({ redirectUri: 'javascript:alert(1)' })
  expect(ours).toEqual({ kind: 'posted' })
})

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  return Buffer.concat(parts).toString()
}

function encode(data: string | Uint8Array): string {
  return Buffer.from(data as Uint8Array).toString('base64url')
}
