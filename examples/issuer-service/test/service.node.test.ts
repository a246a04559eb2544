import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { webvhMethod } from '@asoba/did/webvh'
import type { Server } from 'example-kit/serve'
import { didWebOf } from 'example-kit/service-keys'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startIssuerService } from '../src/start.ts'
import { judge } from './clinic.ts'
import { type Desk, officers, openDesk, type Person, planted } from './desk.ts'
import { post, readOffer, testWallet, wellKnown, wiresIn } from './wallet.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

const run = promisify(execFile)
const open: Server[] = []
let common: Readonly<Record<string, string>>

beforeAll(async () => {
  common = {
    PORT: '0',
    DATA_FOLDER: 'memory',
    RATE_PER_MINUTE: '100000',
    OFFICERS: await officers(),
    BATCH_SIZE: '3',
    STATUS_SIZE: '1024',
    STATUS_TTL: '1',
  }
}, 60_000)
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()))
}, 60_000)

async function start(variables: Readonly<Record<string, string>> = {}): Promise<Server> {
  const server = await startIssuerService({ ...common, ...variables }, { write: () => undefined })
  open.push(server)
  return server
}

let count = 0
/** Somebody new. */
function somebody(more: Partial<Person> = {}): Person {
  count += 1
  return { ...planted, personalNumber: `PLANTEDNUMBER${count}`, ...more }
}

/** Waits until a published status list is older than its ttl. */
async function untilSeen(see: () => Promise<readonly string[]>, code: string): Promise<void> {
  await expect.poll(see, { timeout: 20_000, interval: 250 }).toContain(code)
}

describe('the registry', () => {
  let server: Server
  let desk: Desk
  let did: string
  beforeAll(async () => {
    server = await start()
    desk = await openDesk(server.origin)
    did = didWebOf(server.origin)
  }, 60_000)

  test('an officer approves, a wallet takes a batch, and a verifier accepts it', async () => {
    const { link, txCode } = await desk.approve(somebody())
    expect(txCode).toMatch(/^\d{6}$/)
    const wallet = testWallet()
    const wires = await wallet.receive(link, txCode)
    expect(wires).toHaveLength(3)
    // Nothing but the type and its dates is the same in two copies.
    const copies = wires.map((wire) => decodeJwt(wire.split('~')[0] ?? '')) as unknown as readonly {
      readonly cnf: { readonly jwk: { readonly x: string } }
      readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } }
      readonly _sd: readonly string[]
      readonly iat: number
    }[]
    for (const different of [
      copies.map(({ cnf }): unknown => cnf.jwk.x),
      copies.map(({ status }): unknown => status.status_list.idx),
      copies.flatMap(({ _sd }): readonly unknown[] => _sd),
    ]) {
      expect(new Set(different).size).toBe(different.length)
    }
    for (const { iat, status } of copies) {
      expect(iat % 86_400).toBe(0)
      expect(status.status_list.uri).toBe(`${server.origin}/status/1`)
    }
    expect(await judge(wallet.wallet, did)).toEqual([])
    const doctor = testWallet()
    const offer = await desk.approve(somebody({ type: 'profession' }))
    await doctor.receive(offer.link, offer.txCode)
    expect(await judge(doctor.wallet, did, 'profession')).toEqual([])
    // Trusted for one type is not trusted for another.
    expect(await judge(doctor.wallet, did)).toEqual(['nothing'])
  })

  test('a code serves once, and dies after five wrong transaction codes', async () => {
    const first = await desk.approve(somebody())
    const wallet = testWallet()
    await wallet.receive(first.link, first.txCode)
    await expect(testWallet().receive(first.link, first.txCode)).rejects.toThrow()

    const second = await desk.approve(somebody())
    const wrong = second.txCode === '000000' ? '000001' : '000000'
    const offer = await readOffer(second.link)
    expect(offer.asksForCode).toBe(true)
    const tries = await Promise.all(Array.from({ length: 8 }, () => wallet.redeem(offer, wrong)))
    for (const { status, body } of tries) {
      expect([status, body['error']]).toEqual([400, 'invalid_grant'])
    }
    expect((await wallet.redeem(offer, second.txCode)).status).toBe(400)
  })

  test('who is approved again has one set of copies: older offers and copies are over', async () => {
    const person = somebody()
    const before = testWallet()
    const offer = await desk.approve(person)
    await before.receive(offer.link, offer.txCode)
    const left = await desk.approve(person)
    const review = await desk.review(await desk.apply(person))
    expect(review).toContain('issued to before')
    const last = await desk.approve(person)
    await expect(testWallet().receive(left.link, left.txCode)).rejects.toThrow('nothing issued')
    const after = testWallet()
    await after.receive(last.link, last.txCode)
    expect(await judge(after.wallet, did)).toEqual([])
    await untilSeen(() => judge(before.wallet, did), 'status.revoked')
    expect(await judge(after.wallet, did)).toEqual([])
  })

  test('an officer revokes by the number alone, and offers under way give nothing', async () => {
    const person = somebody()
    const wallet = testWallet()
    const offer = await desk.approve(person)
    const read = await readOffer(offer.link)
    const { body } = await wallet.redeem(read, offer.txCode)
    const token = String(body['access_token'])
    expect((await wallet.ask(read, token)).status).toBe(200)
    expect(await judge(wallet.wallet, did)).toEqual([])
    expect(await desk.revoke(person)).toContain('Copies revoked: 3')
    expect((await wallet.ask(read, token)).status).not.toBe(200)
    const renewed = await wallet.refresh(read, String(body['refresh_token']))
    const again = String(renewed.body['access_token'])
    expect((await wallet.ask(read, again)).status).not.toBe(200)
    await untilSeen(() => judge(wallet.wallet, did), 'status.revoked')
    expect(await desk.revoke(person)).toContain('Copies revoked: 0')
    expect(await desk.revoke(somebody())).toContain('Nothing was issued under this number')
  })

  test('a wallet renews its copies without an officer, and gives back what it could not keep', async () => {
    const wallet = testWallet()
    const offer = await desk.approve(somebody())
    const read = await readOffer(offer.link)
    const { body } = await wallet.redeem(read, offer.txCode)
    const first = await wallet.ask(read, String(body['access_token']))
    const renewed = await wallet.refresh(read, String(body['refresh_token']))
    const token = String(renewed.body['access_token'])
    expect(wiresIn(await wallet.ask(read, token))).toHaveLength(3)
    // A refresh token that is bound to no key is used once.
    expect((await wallet.refresh(read, String(body['refresh_token']))).status).toBe(400)
    const id = first.body['notification_id']
    const told = await post(
      read.endpoints.notification,
      JSON.stringify({ notification_id: id, event: 'credential_failure' }),
      String(body['access_token']),
    )
    expect(told.status).toBe(204)
  })

  test('nobody but an officer approves, and no page of another site does', async () => {
    const sealed = await desk.apply(somebody())
    const form = { application: sealed, document: 'yes', person: 'yes' }
    const anonymous = await fetch(`${server.origin}/officer/approve`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(form),
    })
    expect([anonymous.status, anonymous.headers.get('location')]).toEqual([303, '/officer'])
    expect((await desk.post('/officer/approve', { ...form, person: '' })).status).toBe(422)
    expect((await desk.post('/officer/approve', { ...form, application: 'A' })).status).toBe(422)
    // An application sealed by somebody else's key, in particular by another service's.
    const other = await openDesk((await start()).origin)
    expect(await other.review(sealed)).toContain('not an application of ours')
  })

  test('says what it issues: metadata, types, keys and their history', async () => {
    const { origin } = server
    const issuer = `${origin}/oid4vci`
    const metadata = await (await fetch(wellKnown(issuer, 'openid-credential-issuer'))).json()
    expect(metadata).toMatchObject({
      credential_issuer: issuer,
      batch_credential_issuance: { batch_size: 3 },
      credential_configurations_supported: {
        citizenship: { format: 'dc+sd-jwt', credential_signing_alg_values_supported: ['ES256'] },
        profession: { format: 'dc+sd-jwt' },
      },
    })
    const authorization = await (
      await fetch(wellKnown(issuer, 'oauth-authorization-server'))
    ).json()
    expect(authorization).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
    const { vct } = metadata.credential_configurations_supported.citizenship
    const type = await fetch(origin + new URL(vct).pathname)
    expect(await type.json()).toMatchObject({ vct })

    const reach = { fetch: globalThis.fetch, [allowInsecureLoopback]: true as const }
    const resolver = didResolver({ methods: [webMethod(reach), webvhMethod(reach)] })
    const { didDocument } = await resolver.resolve(did)
    expect(didDocument?.assertionMethod).toEqual([`${did}#key-1`])
    const log = await (await fetch(`${origin}/.well-known/did.jsonl`)).text()
    const { state } = JSON.parse(log.split('\n')[0] ?? '') as { readonly state: { id: string } }
    const history = await resolver.resolve(state.id)
    expect(history.didDocument?.['alsoKnownAs']).toEqual([did])
  })

  test('publishes its status list signed, for others to keep, and no list that there is not', async () => {
    const list = await fetch(`${server.origin}/status/1`)
    expect(list.headers.get('content-type')).toBe('application/statuslist+jwt')
    const token = await list.text()
    expect(decodeProtectedHeader(token)).toMatchObject({ kid: `${did}#key-1` })
    expect(decodeJwt(token)).toMatchObject({ sub: `${server.origin}/status/1`, ttl: 1 })
    for (const none of ['2', '0', '01', '1000000', 'a', '%31%00']) {
      expect((await fetch(`${server.origin}/status/${none}`)).status).toBe(404)
    }
  })
})

test('when a status list is full the next begins, and all of them revoke', async () => {
  const server = await start({ STATUS_SIZE: '16', BATCH_SIZE: '10' })
  const desk = await openDesk(server.origin)
  const did = didWebOf(server.origin)
  const people = await Promise.all(
    [0, 1, 2].map(async () => {
      const person = somebody()
      const wallet = testWallet()
      const { link, txCode } = await desk.approve(person)
      const [wire = ''] = await wallet.receive(link, txCode)
      const { status } = decodeJwt(wire.split('~')[0] ?? '') as {
        readonly status?: { readonly status_list: { readonly uri: string } }
      }
      return { person, wallet, uri: status?.status_list.uri }
    }),
  )
  expect(people.map(({ uri }) => uri?.replace(server.origin, '')).toSorted()).toEqual([
    '/status/1',
    '/status/2',
    '/status/3',
  ])
  for (const { wallet } of people) expect(await judge(wallet.wallet, did)).toEqual([])
  for (const { person, wallet } of people.slice(0, 2)) {
    expect(await desk.revoke(person)).toContain('Copies revoked: 10')
    await untilSeen(() => judge(wallet.wallet, did), 'status.revoked')
  }
  const [, , last] = people
  expect(last && (await judge(last.wallet.wallet, did))).toEqual([])
})

test('started without settings it is ready to be tried, with one officer whose password lies in its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asoba-issuer-'))
  try {
    const server = await startIssuerService(
      { PORT: '0', DATA_FOLDER: folder },
      { write: () => undefined },
    )
    const file = join(folder, 'officer-password')
    expect((await stat(file)).mode & 0o077).toBe(0)
    const password = (await readFile(file, 'utf8')).trim()
    const login = await fetch(`${server.origin}/officer/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ name: 'officer', password }),
    })
    expect(login.status).toBe(303)
    const kid = async (at: Server): Promise<unknown> =>
      ((await (await fetch(`${at.origin}/.well-known/did.json`)).json()) as never)[
        'assertionMethod'
      ]
    expect(String(await kid(server))).toContain('#key-1')
    await server.close()

    // A new key, by the command: published at once, signing from when it says.
    const env = { PATH: process.env['PATH'], DATA_FOLDER: folder }
    const command = new URL('../rotate-key.ts', import.meta.url).pathname
    const { stdout } = await run(process.execPath, [command, '--after', '0'], { env })
    expect(stdout).toContain('key-2 is published')
    const again = await startIssuerService(
      { ...common, DATA_FOLDER: folder, STATUS_SIZE: '131072' },
      { write: () => undefined },
    )
    open.push(again)
    expect(await kid(again)).toHaveLength(2)
    const desk = await openDesk(again.origin)
    const wallet = testWallet()
    const { link, txCode } = await desk.approve(somebody())
    const [wire = ''] = await wallet.receive(link, txCode)
    expect(decodeProtectedHeader(wire.split('~')[0] ?? '').kid).toMatch(/#key-2$/)
    expect(await judge(wallet.wallet, didWebOf(again.origin))).toEqual([])
  } finally {
    await Promise.all(open.splice(0).map((server) => server.close()))
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)

test('settings that make no sense stop the start, by name and without a value', async () => {
  for (const [wrong, name] of [
    [{ SEAL_KEY: 'planted-secret' }, 'SEAL_KEY'],
    [{ OFFICERS: '{planted-secret' }, 'OFFICERS'],
    [{ OFFICERS: '' }, 'OFFICERS'],
    [{ ORIGIN: 'https://registry.example/planted-secret' }, 'ORIGIN'],
    [{ BATCH_SIZE: 'planted-secret' }, 'BATCH_SIZE'],
    [{ TRANSACTION_CODE: 'planted-secret' }, 'TRANSACTION_CODE'],
  ] as const) {
    const fault = await start(wrong).then(
      () => undefined,
      (error: unknown) => String(error),
    )
    expect(fault).toContain(name)
    expect(fault).not.toContain('planted-secret')
  }
})
