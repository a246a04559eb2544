import { didResolver, key } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  createIssuanceClient,
  createPresentationClient,
  type IssuanceClientOptions,
} from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoAsks, credoOffers, membershipFor, peerVct } from './credo-roles.ts'

let credo: Credo
let issuer: { readonly didUrl: string }
beforeAll(async () => {
  credo = await credoAgent(membershipFor(() => issuer.didUrl))
  issuer = await didKeyOf(credo)
}, 60_000)
afterAll(() => credo.close())

/** A wallet of ours and its ways to issuers and verifiers. */
function person(change: Partial<IssuanceClientOptions> = {}) {
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const insecure = { [allowInsecureLoopback]: true } as const
  const sent: { readonly path: string; readonly dpop: boolean }[] = []
  const reach: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init)
    sent.push({ path: new URL(request.url).pathname, dpop: request.headers.has('dpop') })
    return fetch(request)
  }
  return {
    wallet,
    sent,
    takes: createIssuanceClient({ wallet, fetch: reach, issuers: 'any', ...insecure, ...change }),
    answers: createPresentationClient({
      wallet,
      verifiers: { did: didResolver({ methods: [key] }), unsigned: 'refused' },
      fetch,
      ...insecure,
    }),
  }
}

/** An offer of the peer's, read. */
async function offeredTo(takes: ReturnType<typeof person>['takes'], copies = 3) {
  const { offer: link, txCode } = await credoOffers(credo, copies)
  const reading = await takes.readOffer(link)
  if (!reading.verified) throw new Error('the offer was refused')
  return { offer: reading.offer, txCode }
}

const memberQuery = {
  credentials: [
    {
      id: 'member',
      format: 'dc+sd-jwt',
      meta: { vct_values: [peerVct] },
      claims: [{ path: ['member'] }],
    },
  ],
} as const

/** What the peer as verifier holds after our wallet answered it. */
async function shownTo(answers: ReturnType<typeof person>['answers']) {
  const signer = { method: 'did', didUrl: issuer.didUrl } as const
  const { link, judged } = await credoAsks(credo, signer, memberQuery as never)
  const reading = await answers.readRequest(link)
  if (!reading.verified) throw new Error('the request was refused')
  const [match] = await answers.match(reading.incoming)
  if (match === undefined) throw new Error('nothing in the wallet answers this')
  await answers.respond(reading.incoming, match)
  return (await judged()).dcql?.presentations['member']?.[0]
}

test('our wallet takes copies from Credo as issuer and shows each to it as verifier', async () => {
  const { takes, answers, wallet, sent } = person()
  const { offer, txCode } = await offeredTo(takes)
  expect(offer).toMatchObject({
    credentials: [{ configuration: 'membership', format: 'dc+sd-jwt', vct: peerVct }],
    grants: { preAuthorized: { txCode: { inputMode: 'numeric', length: 6 } } },
  })
  const { credentials, deferred } = await takes.accept(offer, { txCode })
  expect({ credentials, deferred }).toMatchObject({ credentials: [{ copies: 3 }], deferred: [] })
  const bound = sent.filter(({ dpop }) => dpop).map(({ path }) => path.split('/').at(-1))
  expect(bound).toEqual(['token', 'credential'])
  const keys = new Set<unknown>()
  for (let copy = 0; copy < 3; copy++) {
    const shown = await shownTo(answers)
    expect(shown).toMatchObject({ prettyClaims: { member: true } })
    keys.add(JSON.stringify((shown as { readonly payload: { readonly cnf: object } }).payload.cnf))
  }
  expect(keys.size).toBe(3)
  expect(await wallet.list()).toMatchObject([{ copies: 3, copiesLeft: 0 }])
})

test('our wallet says that the transaction code may be wrong, and the right one is good after it', async () => {
  const { takes } = person()
  const { offer, txCode } = await offeredTo(takes)
  await expect(takes.accept(offer, { txCode: '0' })).rejects.toMatchObject({
    code: 'issuance.refused',
    message: expect.stringContaining('the code is wrong'),
  })
  expect((await takes.accept(offer, { txCode })).credentials).toHaveLength(1)
})

test('our wallet takes no more copies than it wants', async () => {
  const { takes } = person({ copies: 2 })
  const { offer, txCode } = await offeredTo(takes)
  expect(await takes.accept(offer, { txCode })).toMatchObject({ credentials: [{ copies: 2 }] })
})

test('our wallet deals with no issuer that it was not told to, and asks it nothing', async () => {
  const { takes, sent } = person({ issuers: (url) => url === 'https://registry.example' })
  const { offer: link } = await credoOffers(credo)
  const reading = await takes.readOffer(link)
  const problems = reading.verified ? [] : reading.problems.map(({ code }) => code)
  expect(problems).toEqual(['offer.issuer-untrusted'])
  expect(sent.map(({ path }) => path.split('/').at(-2))).toEqual(['offers'])
})
