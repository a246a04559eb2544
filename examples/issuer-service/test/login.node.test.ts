import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certified, createDevCa, type DevCa } from 'example-kit/dev-ca'
import type { Server } from 'example-kit/serve'
import { didWebOf } from 'example-kit/service-keys'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startVerifierService } from '../../verifier-service/src/start.ts'
import { startIssuerService } from '../src/start.ts'
import { judge } from './clinic.ts'
import { officers, openDesk, planted } from './desk.ts'
import { holderOf } from './holder.ts'
import { attestationBy, clientId, loginWallet, redirectUri } from './login.ts'
import { readOffer, testWallet, wellKnown, wiresIn } from './wallet.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

const open: Server[] = []
let folder: string
let ca: DevCa
let wallets: DevCa
let provider: Certified

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asoba-issuer-'))
  ca = await createDevCa()
  wallets = await createDevCa()
  provider = await wallets.issue('wallet-provider.example')
  await writeFile(join(folder, 'registry.json'), JSON.stringify(await ca.issue('127.0.0.1')))
  await writeFile(join(folder, 'wallets.pem'), wallets.rootPem)
}, 60_000)
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()))
  await rm(folder, { recursive: true, force: true })
}, 60_000)

async function start(variables: Readonly<Record<string, string>>): Promise<Server> {
  const server = await startIssuerService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      RATE_PER_MINUTE: '100000',
      OFFICERS: await officers(),
      BATCH_SIZE: '2',
      STATUS_SIZE: '1024',
      ...variables,
    },
    { write: () => undefined },
  )
  open.push(server)
  return server
}

const post = (address: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(address, {
    method: 'POST',
    headers: { 'accept-language': 'en' },
    body: new URLSearchParams(form),
  })

/** Opens the page of login and consent; how to answer it. */
async function browse(server: Server, address: string) {
  const response = await fetch(address, { headers: { 'accept-language': 'en' } })
  const text = await response.text()
  const session = /name="session" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const answer = async (form: Readonly<Record<string, string>>) => {
    const page = await post(`${server.origin}/agree`, { session, ...form })
    const body = await page.text()
    const href = /id="wallet" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    return { status: page.status, body, back: href === undefined ? undefined : new URL(href) }
  }
  return { status: response.status, text, answer }
}

describe('login and consent', () => {
  let server: Server
  let desk: Awaited<ReturnType<typeof openDesk>>
  let count = 0
  beforeAll(async () => {
    server = await start({ GRANT: 'authorization_code' })
    desk = await openDesk(server.origin)
  }, 60_000)

  async function begin() {
    count += 1
    const { link, txCode = '' } = await desk.approve({
      ...planted,
      personalNumber: `LOGIN${count}`,
    })
    const offer = await readOffer(link)
    const login = await loginWallet(offer)
    return { offer, login, digits: txCode, address: (await login.push()).address }
  }

  test('who has the officer’s digits says yes on the page, and the wallet gets its copies', async () => {
    const { offer, login, digits, address } = await begin()
    expect(offer.asksForCode).toBe(false)
    const page = await browse(server, address)
    expect([page.status, page.text.includes('Citizenship credential')]).toEqual([200, true])
    const { status, back } = await page.answer({ answer: 'yes', digits })
    expect([status, back?.protocol]).toEqual([200, 'example.wallet:'])
    expect(back?.searchParams.get('state')).toBe('state-of-the-wallet')
    expect(back?.searchParams.get('iss')).toBe(offer.issuer)
    const code = back?.searchParams.get('code') ?? ''
    const wrong = await login.redeem(code, { code_verifier: 'A'.repeat(43) })
    expect(wrong.body['error']).toBe('invalid_grant')
    const granted = await login.redeem(code)
    expect(granted.status).toBe(200)
    const wallet = testWallet()
    const copies = await wallet.ask(offer, String(granted.body['access_token']))
    expect(wiresIn(copies)).toHaveLength(2)
    // A code that comes a second time was in other hands: nothing more is given for it.
    expect((await login.redeem(code)).body['error']).toBe('invalid_grant')
    const revoked = await testWallet().ask(offer, String(granted.body['access_token']))
    expect([revoked.status, revoked.body['error']]).toEqual([401, 'invalid_token'])
    expect(await judge(wallet.wallet, didWebOf(server.origin))).toEqual([])
    // The page has ended: neither the same answer nor another goes on.
    expect((await page.answer({ answer: 'yes', digits })).back).toBe(undefined)
    expect((await page.answer({ answer: 'no' })).status).toBe(410)
    // Nor is there a page to answer, for who loads it again.
    const again = await browse(server, address)
    expect([again.status, /<h1>(.*)<\/h1>/.exec(again.text)?.[1]]).toEqual([
      410,
      'This does not work',
    ])
  })

  test('the page sends the browser to the wallet and nowhere else', async () => {
    const { digits, address } = await begin()
    const { answer } = await browse(server, address)
    const { back } = await answer({ answer: 'yes', digits })
    expect(back?.href.startsWith(redirectUri)).toBe(true)
  })

  test('a no is told to the wallet, and nothing else', async () => {
    const { address } = await begin()
    const { answer } = await browse(server, address)
    const { back } = await answer({ answer: 'no' })
    expect(back?.searchParams.get('error')).toBe('access_denied')
    expect(back?.searchParams.has('code')).toBe(false)
  })

  test('five wrong digits end it, however they are sent', async () => {
    const { digits, address } = await begin()
    const { answer } = await browse(server, address)
    const wrong = digits === '000000' ? '000001' : '000000'
    const first = await answer({ answer: 'yes', digits: wrong })
    expect([first.status, first.body.includes('digits are wrong')]).toEqual([422, true])
    const tries = Array.from({ length: 8 }, () => answer({ answer: 'yes', digits: wrong }))
    expect((await Promise.all(tries)).every(({ status }) => status === 422)).toBe(true)
    expect((await answer({ answer: 'yes', digits })).status).toBe(422)
  })

  test('a wallet that begins without an officer gets nothing', async () => {
    const { offer } = await begin()
    const login = await loginWallet({ ...offer, issuerState: '' })
    const { status } = await login.push()
    // An empty issuer_state is none of ours.
    expect(status).toBe(400)
    const other = await fetch(`${server.origin}/oid4vci/authorize?client_id=a&request_uri=b`)
    expect(other.status).toBe(410)
    const forged = await post(`${server.origin}/agree`, {
      session: 'A',
      answer: 'yes',
      digits: '0',
    })
    expect(forged.status).toBe(410)
  })

  test('another site cannot say yes', async () => {
    const { digits, address } = await begin()
    const { text } = await browse(server, address)
    const session = /name="session" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const response = await fetch(`${server.origin}/agree`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ session, answer: 'yes', digits }),
    })
    expect(response.status).toBe(410)
  })
})

test('HAIP: an attested wallet takes copies that are signed with a certificate', async () => {
  const server = await start({
    HAIP: '1',
    CERTIFICATE_FILE: join(folder, 'registry.json'),
    WALLET_ATTESTERS: join(folder, 'wallets.pem'),
  })
  const desk = await openDesk(server.origin)
  const { link, txCode: digits = '' } = await desk.approve(planted)
  expect(link.startsWith('haip-vci://')).toBe(true)
  const offer = await readOffer(link)
  const metadata = await fetch(wellKnown(offer.issuer, 'openid-credential-issuer'), {
    headers: { accept: 'application/jwt' },
  })
  expect(decodeProtectedHeader(await metadata.text()).x5c).toHaveLength(1)

  // Nobody's wallet, and one of a provider that is not known here.
  const stranger = await (await createDevCa()).issue('wallet-provider.example')
  for (const options of [{ dpop: true }, { dpop: true, provider: stranger }] as const) {
    const { status, body } = await (await loginWallet(offer, options)).push()
    expect([status, body['error']]).toEqual([401, 'invalid_client'])
  }
  const login = await loginWallet(offer, { dpop: true, provider })
  const { address } = await login.push()
  const { back } = await (await browse(server, address)).answer({ answer: 'yes', digits })
  const granted = await login.redeem(back?.searchParams.get('code') ?? '')
  expect(granted.body['token_type']).toBe('DPoP')
  const wallet = testWallet()
  const token = String(granted.body['access_token'])
  const headers = await login.authorized(offer.endpoints.credential, token)
  const wires = wiresIn(await wallet.ask(offer, token, 2, headers))
  expect(wires).toHaveLength(2)
  const header = decodeProtectedHeader(wires[0]?.split('~')[0] ?? '')
  expect([header.alg, header.x5c?.length, header.kid]).toEqual(['ES256', 1, undefined])
  expect(await judge(wallet.wallet, 'https://127.0.0.1', 'citizenship', [ca.root])).toEqual([])
  const others = [(await createDevCa()).root]
  expect(await judge(wallet.wallet, 'https://127.0.0.1', 'citizenship', others)).not.toEqual([])
})

test('HAIP from end to end: what it issued is shown to a verifier that demands as much', async () => {
  const registry = await start({
    HAIP: '1',
    CERTIFICATE_FILE: join(folder, 'registry.json'),
    WALLET_ATTESTERS: join(folder, 'wallets.pem'),
  })
  const desk = await openDesk(registry.origin)
  const { link, txCode: digits = '' } = await desk.approve({ ...planted, personalNumber: 'HAIP' })
  const holder = holderOf({
    anchors: [ca.root],
    haip: true,
    issuance: {
      clientId,
      redirectUri,
      metadataAnchors: [ca.root],
      attestation: () => attestationBy(provider),
    },
  })
  const read = await holder.takes.readOffer(link)
  if (!read.verified) throw new Error(JSON.stringify(read.problems))
  const { url, session } = await holder.takes.authorize(read.offer)
  const { back } = await (await browse(registry, url)).answer({ answer: 'yes', digits })
  const { credentials } = await holder.takes.complete(session, back?.href ?? '')
  expect(credentials.map(({ copiesLeft }) => copiesLeft)).toEqual([2])

  await writeFile(join(folder, 'clinic.json'), JSON.stringify(await ca.issue('127.0.0.1')))
  const anchors = [Buffer.from(ca.root).toString('base64')]
  const clinic = await startVerifierService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      HAIP: '1',
      CERTIFICATE_FILE: join(folder, 'clinic.json'),
      TRUSTED_ISSUERS: JSON.stringify({ citizenship: [{ issuer: 'https://127.0.0.1', anchors }] }),
    },
    { write: () => undefined },
  )
  open.push(clinic)
  const asked = await post(`${clinic.origin}/ask`, { question: 'adult', flow: 'same-device' })
  const [cookie = ''] = asked.headers.getSetCookie().map((each) => each.split(';')[0])
  const wallet = /id="wallet" href="([^"]+)"/.exec(await asked.text())?.[1] ?? ''
  const { told, redirectTo = '' } = await holder.consent(wallet.replaceAll('&amp;', '&'))
  expect(told).toEqual(['age_equal_or_over.18'])
  const result = await fetch(redirectTo, { headers: { cookie, 'accept-language': 'en' } })
  expect(await result.text()).toContain('data-verified="yes"')
})

test('HAIP without what it needs does not start', async () => {
  await expect(start({ HAIP: '1' })).rejects.toThrow('HAIP needs')
  const certificate = join(folder, 'registry.json')
  await expect(
    start({ HAIP: '1', CERTIFICATE_FILE: certificate, WALLET_ATTESTERS: certificate }),
  ).rejects.toThrow('WALLET_ATTESTERS')
})
