import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createKey, didKeyOf, didResolver, jwkSigner, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import { createIssuanceClient, createPresentationClient } from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Wallet } from '@asoba/wallet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { theirs } from '../src/agent.ts'

const format = 'dc+sd-jwt'
const here = { fetch, [allowInsecureLoopback]: true } as const
let running: ChildProcess
let registry: {
  readonly origin: string
  readonly did: string
  readonly link: string
  readonly txCode: string
}
let partner: Awaited<ReturnType<typeof partnerWith>>

/** A partner abroad, whose DID is its key. */
async function partnerWith() {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didKeyOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#${did.slice(8)}` })
  const { profession } = theirs
  const options = { status: 'none', validityDays: 7, formats: [sdJwtVc({ signer })] } as const
  return { did, issuer: createIssuer({ ...options, issuer: did, types: { profession } }) }
}

beforeAll(async () => {
  partner = await partnerWith()
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  running = spawn(process.execPath, [main, partner.did], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(running.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  registry = JSON.parse(line.toString())
}, 60_000)

afterAll(() => void running.kill())

test('the agent publishes its did:web, and issues to a wallet that has its offer and the code, once', async () => {
  const document = await (await fetch(`${registry.origin}/.well-known/did.json`)).json()
  expect(document.id).toBe(registry.did)
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const holding = createIssuanceClient({
    ...here,
    wallet,
    issuers: (url) => url === registry.origin,
  })
  const read = await holding.readOffer(registry.link)
  if (!read.verified) throw new Error(read.problems[0].code)
  await expect(holding.accept(read.offer, { txCode: 'wrong' })).rejects.toThrow('invalid_grant')
  const { credentials } = await holding.accept(read.offer, { txCode: registry.txCode })
  expect(credentials).toMatchObject([{ copies: 10, view: { issuer: registry.did } }])
  await expect(holding.accept(read.offer, { txCode: registry.txCode })).rejects.toThrow(
    'invalid_grant',
  )
})

/** A wallet with a profession by somebody. */
async function lawyer(by: typeof partner): Promise<Wallet> {
  const claims = {
    occupation: { isco_08: '2611', title: 'Lawyer' },
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const holders = await wallet.prepare({ format, count: 1 })
  const issued = await by.issuer.issue({ format, type: 'profession', claims, holders })
  await wallet.receive(issued.map(({ wire }) => wire))
  return wallet
}

/** From the page that asks to the page that knows, in one browser. */
async function showing(wallet: Wallet): Promise<unknown> {
  const page = await fetch(`${registry.origin}/ask`)
  const [cookie = ''] = (page.headers.get('set-cookie') ?? '').split(';')
  const { link } = (await page.json()) as { readonly link: string }
  const did = didResolver({ methods: [webMethod(here)] })
  const client = createPresentationClient({
    ...here,
    wallet,
    verifiers: { did, unsigned: 'refused' },
  })
  const reading = await client.readRequest(link)
  if (!reading.verified) throw new Error(reading.problems[0].code)
  expect(reading.incoming.verifier.clientId).toBe(`decentralized_identifier:${registry.did}`)
  const [match] = await client.match(reading.incoming)
  const sent = match
    ? await client.respond(reading.incoming, match)
    : await client.decline(reading.incoming)
  const { redirectTo = '' } = sent.kind === 'posted' ? sent : {}
  const stranger = await (await fetch(redirectTo)).json()
  expect(stranger).not.toHaveProperty('result')
  return (await fetch(redirectTo, { headers: { cookie } })).json()
}

test('the agent takes a profession of its partner, and of nobody else', async () => {
  expect(await showing(await lawyer(partner))).toMatchObject({
    status: 'answered',
    result: { verified: true, claims: { profession: { occupation: { isco_08: '2611' } } } },
  })
  const other = (await showing(await lawyer(await partnerWith()))) as {
    readonly result: {
      readonly verified: boolean
      readonly problems: readonly { readonly code: string }[]
    }
  }
  expect(other.result.verified).toBe(false)
  expect(other.result.problems.map(({ code }) => code)).toContain('issuer.untrusted')
  expect(await showing(createWallet({ formats: [sdJwtVc()] }))).toMatchObject({
    status: 'declined',
  })
})

test('nonsense is refused', async () => {
  for (const path of ['/token', '/credential', '/openid4vp/response/x', '/done', '/nowhere']) {
    const answer = await fetch(registry.origin + path, { method: 'POST', body: '7' })
    expect(answer.status < 500).toBe(true)
    expect(await answer.text()).not.toContain('"verified":true')
  }
})

test('the agent is 150 lines at most', () => {
  const lines = ['main.ts', 'src/agent.ts', 'src/serve.ts'].map(
    (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8').split('\n').length - 1,
  )
  expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(150)
})
