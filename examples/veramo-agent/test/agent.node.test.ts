import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createKey, didKeyOf, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { theirs } from '../src/agent.ts'

const format = 'dc+sd-jwt'
let running: ChildProcess
let registry: { readonly origin: string; readonly did: string; readonly code: string }
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

const post = async (path: string, body: unknown) =>
  fetch(registry.origin + path, { method: 'POST', body: JSON.stringify(body) })

beforeAll(async () => {
  partner = await partnerWith()
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  running = spawn(process.execPath, [main, partner.did], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(running.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  registry = JSON.parse(line.toString())
}, 60_000)

afterAll(() => void running.kill())

test('the agent publishes its did:web, and issues by its key to who has a code, once', async () => {
  const document = await (await fetch(`${registry.origin}/.well-known/did.json`)).json()
  expect(document.id).toBe(registry.did)
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const holders = await wallet.prepare({ format, count: 3 })
  const answered = await post('/issue', { code: registry.code, holders })
  const issued = (await answered.json()) as { readonly wire: string }[]
  const [held] = await wallet.receive(issued.map(({ wire }) => wire))
  expect(held?.copies).toBe(3)
  expect(held?.view.issuer).toBe(registry.did)
  expect((await post('/issue', { code: registry.code, holders })).status).toBe(403)
})

test('the agent takes a profession of its partner, and of nobody else', async () => {
  const claims = {
    occupation: { isco_08: '2611', title: 'Lawyer' },
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  const showing = async (by: typeof partner) => {
    const wallet = createWallet({ formats: [sdJwtVc()] })
    const holders = await wallet.prepare({ format, count: 1 })
    const issued = await by.issuer.issue({ format, type: 'profession', claims, holders })
    await wallet.receive(issued.map(({ wire }) => wire))
    const request = await (await fetch(`${registry.origin}/request`)).json()
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing answers')
    const response = await post('/present', await wallet.present(request, match))
    return (await response.json()) as Record<string, unknown>
  }
  expect(await showing(partner)).toMatchObject({
    verified: true,
    claims: { profession: { occupation: { isco_08: '2611' } } },
  })
  expect(await showing(await partnerWith())).toMatchObject({
    verified: false,
    error: { errorCode: 'issuer.untrusted' },
  })
})

test('nonsense is refused', async () => {
  for (const body of [7, {}, { state: 'x', vp_token: {} }, { code: 'x' }]) {
    expect((await post('/present', body)).status).toBeGreaterThanOrEqual(400)
    expect((await post('/issue', body)).status).toBeGreaterThanOrEqual(400)
  }
})
