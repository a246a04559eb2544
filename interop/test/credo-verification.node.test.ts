import type { Jwk, Signer } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  type ClientIdentifier,
  createPresentationServer,
  memoryResponses,
  type PresentationServer,
} from '@asoba/openid4vc/verifier'
import { type Kms, SdJwtVcRecord } from '@credo-ts/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent } from './credo-agent.ts'
import { credoAnswers, credoCertificates } from './credo-roles.ts'
import { citizenQuery, citizenshipFor, partner, serveHandler } from './nation.ts'

let credo: Credo
let anchor: string
let signers: { readonly x509: Signer; readonly did: Signer }
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  credo = await credoAgent()
  closing.push(credo.close)
  await keepCitizenship()
  const { publicJwk, privateJwk } = await createKey('ES256')
  const made = await credoCertificates(credo, publicJwk)
  anchor = made.anchor
  const x5c = [made.leaf.toString('base64')]
  signers = {
    x509: await jwkSigner({ privateJwk, verificationMethod: '', x5c }),
    did: await jwkSigner({ privateJwk, verificationMethod: `${didJwkOf(publicJwk)}#0` }),
  }
}, 60_000)
afterAll(async () => {
  for (const close of closing) await close()
})

/** A citizenship of ours in the peer's wallet, for a key of the peer's. */
async function keepCitizenship(): Promise<void> {
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

/** Our verifier, on a port of its own. */
async function serve(clientId: ClientIdentifier): Promise<PresentationServer> {
  let made: PresentationServer | undefined
  const { close } = await serveHandler((origin) => {
    made = createPresentationServer({
      verifier: partner(),
      url: `${origin}/openid4vp`,
      clientId,
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      responses: memoryResponses(),
      returnTo: `${origin}/result`,
      origins: ['https://partner.example'],
      [allowInsecureLoopback]: true,
    })
    return made.handle
  })
  closing.push(close)
  return made as unknown as PresentationServer
}

const clients: readonly [ClientIdentifier['prefix'], () => ClientIdentifier][] = [
  ['x509_san_dns', () => ({ prefix: 'x509_san_dns', signer: signers.x509 })],
  ['x509_hash', () => ({ prefix: 'x509_hash', signer: signers.x509 })],
  ['decentralized_identifier', () => ({ prefix: 'decentralized_identifier', signer: signers.did })],
  ['redirect_uri', () => ({ prefix: 'redirect_uri' })],
]

/** What our server holds of what the peer answered. */
async function collected(
  server: PresentationServer,
  transaction: string,
  answer: { readonly redirectUri?: string | undefined },
) {
  const responseCode =
    answer.redirectUri === undefined
      ? undefined
      : (new URL(answer.redirectUri).searchParams.get('response_code') ?? '')
  return server.collect({
    transaction,
    query: citizenQuery,
    ...(responseCode !== undefined && { responseCode }),
  })
}

test.each(clients)('Credo as wallet answers our request as %s', async (_prefix, client) => {
  const server = await serve(client())
  const { link, transaction } = await server.begin({ flow: 'same-device', query: citizenQuery })
  const answer = await credoAnswers(credo, link, { anchors: [anchor] })
  expect(answer).toMatchObject({ ok: true })
  const { status, ...rest } = await collected(server, transaction, answer)
  expect({ status, ...rest }).toMatchObject({ status: 'answered', result: { verified: true } })
  const { result } = rest as { readonly result: { readonly claims: { readonly citizen: object } } }
  expect(result.claims.citizen).toMatchObject({ citizen: true })
  expect(result.claims.citizen).not.toHaveProperty('given_name')
})

test('Credo as wallet answers in the open, and across devices', async () => {
  const server = await serve({ prefix: 'x509_san_dns', signer: signers.x509 })
  const { link, transaction } = await server.begin({
    flow: 'cross-device',
    by: 'value',
    encrypted: false,
    query: citizenQuery,
  })
  const answer = await credoAnswers(credo, link, { anchors: [anchor] })
  expect(answer).toMatchObject({ ok: true, redirectUri: undefined })
  expect(await collected(server, transaction, answer)).toMatchObject({
    status: 'answered',
    result: { verified: true },
  })
})

test('Credo as wallet authorises a transaction of ours', async () => {
  const server = await serve({ prefix: 'x509_hash', signer: signers.x509 })
  const transactionData = [
    { type: 'https://partner.example/sign', credential_ids: ['citizen'], document: 'lease' },
  ]
  const { link, transaction } = await server.begin({
    flow: 'same-device',
    query: citizenQuery,
    transactionData,
  })
  const answer = await credoAnswers(credo, link, { anchors: [anchor] })
  expect(await collected(server, transaction, answer)).toMatchObject({
    status: 'answered',
    result: { verified: true },
  })
})

test.each([
  ['signed', true],
  ['unsigned', false],
])(
  'Credo as wallet answers our %s request for the Digital Credentials API',
  async (_title, signed) => {
    const server = await serve({ prefix: 'x509_hash', signer: signers.x509 })
    const origin = 'https://partner.example'
    const { request, transaction } = await server.begin({
      flow: 'dc-api',
      query: citizenQuery,
      signed,
    })
    const answer = await credoAnswers(credo, request.data as Record<string, unknown>, {
      anchors: [anchor],
      origin,
    })
    const response = answer.authorizationResponse
    const result = await server.collect({ transaction, response, query: citizenQuery })
    expect(result).toMatchObject({ status: 'answered', result: { verified: true } })
  },
)

test('what Credo answers for another nonce, we refuse', async () => {
  const server = await serve({ prefix: 'x509_hash', signer: signers.x509 })
  const { link, transaction } = await server.begin({ flow: 'same-device', query: citizenQuery })
  const change = (request: Record<string, unknown>): void => {
    request['nonce'] = 'n-of-another-request'
  }
  const answer = await credoAnswers(credo, link, { anchors: [anchor], change })
  expect(await collected(server, transaction, answer)).toMatchObject({
    status: 'answered',
    result: { verified: false, problems: [{ code: 'holder.nonce-mismatch' }] },
  })
})
