import { type HolderProof, type ProblemCode, randomSecrets } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  createPresentationServer,
  memoryResponses,
  type PresentationServer,
  type TransactionInput,
} from '@asoba/openid4vc/verifier'
import { sdJwtVc } from '@asoba/sd-jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoAsks } from './credo-roles.ts'
import { citizenQuery, citizenshipFor, nation, partner, serveHandler } from './nation.ts'

// A wallet that answers as it should not, to two verifiers that asked the same of it.

let credo: Credo
let theirDidUrl: string
let server: PresentationServer
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  credo = await credoAgent()
  ;({ didUrl: theirDidUrl } = await didKeyOf(credo))
  const { publicJwk, privateJwk } = await createKey('ES256')
  const verificationMethod = `${didJwkOf(publicJwk)}#0`
  const signer = await jwkSigner({ privateJwk, verificationMethod })
  const { close } = await serveHandler((origin) => {
    server = createPresentationServer({
      verifier: partner(),
      url: origin,
      clientId: { prefix: 'decentralized_identifier', signer },
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      responses: memoryResponses(),
      returnTo: `${origin}/result`,
      [allowInsecureLoopback]: true,
    })
    return server.handle
  })
  closing.push(credo.close, close)
}, 60_000)
afterAll(async () => {
  for (const close of closing) await close()
})

/** How an answer differs from a right one. */
interface Change {
  /** Made for whom, in answer to what, and when. */
  readonly to?: { readonly audience?: string; readonly nonce?: string; readonly now?: Date }
  /** Without the proof that the holder has the key. */
  readonly unbound?: true
  /** By somebody whom nobody knows, in the words of the nation. */
  readonly stranger?: true
  /** What else is posted, or instead. */
  readonly form?: Readonly<Record<string, string>>
  /** The presentations under each id. */
  readonly token?: (wire: string) => object
  /** What is asked to be authorised; the wallet says nothing of it. */
  readonly transactions?: readonly TransactionInput[]
}

const format = sdJwtVc()
const { proof, retained } = await format.prepareHolder(randomSecrets())

/** Posts an answer to whoever asked by the link; the status of what came back. */
async function answer(link: string, change: Change): Promise<number> {
  const { to = {}, unbound, stranger, form, token = (wire) => ({ citizen: [wire] }) } = change
  const uri = new URL(link).searchParams.get('request_uri') ?? ''
  const [, encoded = ''] = (await (await fetch(uri)).text()).split('.')
  const asked = JSON.parse(Buffer.from(encoded, 'base64url').toString())
  const { client_id: audience, nonce, state, response_uri: responseUri } = asked
  const issued = await (stranger ? forgedFor(proof) : citizenshipFor(proof))
  const secured = { format: 'dc+sd-jwt', wire: issued } as const
  const about = { audience, nonce, purpose: 'present', now: new Date(), ...to } as const
  const shown = await format.present(secured, [['citizen']], about, retained)
  const wire = shown.wire as string
  const sent = unbound ? wire.slice(0, wire.lastIndexOf('~') + 1) : wire
  const body = new URLSearchParams({ vp_token: JSON.stringify(token(sent)), state, ...form })
  return (await fetch(responseUri, { method: 'POST', body })).status
}

/** A citizenship of the nation's type that anybody can make who can make a key. */
async function forgedFor(holder: HolderProof): Promise<string> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const issuer = didJwkOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#0` })
  const { citizenship: type, claims } = nation
  const validFrom = new Date()
  const validUntil = new Date(validFrom.getTime() + 86_400_000)
  const input = { type, issuer, claims, validFrom, validUntil }
  return (await sdJwtVc({ signer }).secure(input, holder)).wire as string
}

/**
 * What both verifiers made of the same answer: what the peer's session says, and our reasons, or
 * the status where ours did not even take it.
 */
async function judgedByBoth(change: Change) {
  const { transactions } = change
  const signer = { method: 'did', didUrl: theirDidUrl } as const
  const { link, session } = await credoAsks(credo, signer, citizenQuery as never, {
    responseMode: 'direct_post',
    ...(transactions && { transactionData: transactions as never }),
  })
  await answer(link, change)
  const { state } = await session()
  const ours = await server.begin({
    flow: 'cross-device',
    encrypted: false,
    query: citizenQuery,
    ...(transactions && { transactionData: transactions }),
  })
  const status = await answer(ours.link, change)
  const collected = await server.collect({ transaction: ours.transaction, query: citizenQuery })
  const problems =
    collected.status !== 'answered'
      ? [collected.status, status]
      : collected.result.verified
        ? []
        : collected.result.problems.map(({ code }) => code)
  return { credo: state, ours: problems }
}

const year = 365 * 86_400_000
const lease = { type: 'https://partner.example/sign', credential_ids: ['citizen'], for: 'lease' }

test('both verifiers take a right answer', async () => {
  expect(await judgedByBoth({})).toEqual({ credo: 'ResponseVerified', ours: [] })
})

test.each<[string, Change, readonly ProblemCode[]]>([
  ['issued by somebody whom nobody knows', { stranger: true }, ['issuer.untrusted']],
  ['made last year', { to: { now: new Date(Date.now() - year) } }, ['holder.too-old']],
  ['made next year', { to: { now: new Date(Date.now() + year) } }, ['holder.not-yet-valid']],
  [
    'that is no list',
    { token: (wire) => ({ citizen: wire }) },
    ['presentation.malformed', 'query.unsatisfied'],
  ],
])('Credo as verifier takes an answer %s, and ours does not', async (_title, change, ours) => {
  expect(await judgedByBoth(change)).toEqual({ credo: 'ResponseVerified', ours })
})

test.each<[string, Change, readonly ProblemCode[]]>([
  [
    'for somebody else',
    { to: { audience: 'https://partner.example' } },
    ['holder.audience-mismatch'],
  ],
  ['for another request', { to: { nonce: 'n-0S6_WzA2Mj' } }, ['holder.nonce-mismatch']],
  ['without the proof of a holder', { unbound: true }, ['holder.binding-missing']],
  [
    'that does not authorise the transaction',
    { transactions: [lease] },
    ['holder.transaction-mismatch'],
  ],
  [
    'twice where one was asked for',
    { token: (wire) => ({ citizen: [wire, wire] }) },
    ['presentation.duplicate', 'query.unsatisfied'],
  ],
  [
    'with more than was asked for',
    { token: (wire) => ({ citizen: [wire], other: [wire] }) },
    ['query.unsatisfied'],
  ],
  ['of nothing', { token: () => ({}) }, ['query.unsatisfied']],
  [
    'that is no presentation',
    { token: () => ({ citizen: ['e30.e30.e30~'] }) },
    ['presentation.malformed'],
  ],
])('neither verifier takes an answer %s', async (_title, change, ours) => {
  expect(await judgedByBoth(change)).toEqual({ credo: 'Error', ours })
})

test('neither verifier takes an answer with the state of another request', async () => {
  const judged = await judgedByBoth({ form: { state: 'state-of-another' } })
  expect(judged).toEqual({ credo: 'Error', ours: ['pending', 400] })
})
