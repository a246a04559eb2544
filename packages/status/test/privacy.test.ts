import { type StatusReference, utf8 } from '@asoba/core'
import {
  checkStatus,
  httpStatusSource,
  memoryStatusStore,
  type StatusDocument,
  signStatusListToken,
  snapshotSource,
  tokenStatusList,
} from '@asoba/status'
import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import { entry, nation, now, optionsFor, sourceOf } from './nation.ts'

const secret = 'zarnitsa-7731'
const address = `https://registry.example/${secret}`
const index = 7_731_009

async function failing(): Promise<readonly unknown[]> {
  const home = await nation()
  const sign = (claims: object): Promise<string> =>
    signStatusListToken(JSON.parse(JSON.stringify({ ...claims, note: secret })), home.signer)
  const texts = await Promise.all([
    sign({ sub: secret, iss: secret, aud: secret }),
    sign({ sub: address, exp: secret, iat: secret, ttl: secret, status_list: { bits: secret } }),
    sign({ sub: address, iat: 1, status_list: { bits: 1, lst: secret } }),
  ])
  const documents: StatusDocument[] = [...texts, secret, `${secret}.${secret}.${secret}`].map(
    (text) => ({ bytes: utf8(text), mediaType: secret, fetchedAt: now }),
  )
  const refusing = async (): Promise<never> => {
    throw new Error(secret)
  }
  const sources = [
    ...documents.map(sourceOf),
    { get: refusing },
    snapshotSource({}),
    httpStatusSource({ fetch: refusing }),
    httpStatusSource({ fetch: async () => new Response(secret, { status: 500 }) }),
  ]
  const list = tokenStatusList({
    uri: address,
    size: 8,
    bits: 1,
    ttl: 1,
    lifetime: 1,
    store: memoryStatusStore(),
    signer: home.signer,
  })
  const caught = (work: () => Promise<unknown>): Promise<unknown> =>
    work().catch((error: unknown) => error)
  const odd = { kind: secret, uri: secret, index } as unknown as StatusReference
  return Promise.all([
    ...sources.map((source) => checkStatus([entry(index, address)], optionsFor(home, source))),
    ...sources.slice(-3).map((source) => caught(() => source.get(address, {}))),
    caught(() => httpStatusSource({ fetch }).get(`http://${secret}`, {})),
    checkStatus([odd], optionsFor(home, sourceOf(documents[0] as StatusDocument))),
    caught(() => list.allocate(9)),
    caught(() => list.revoke(entry(index, address))),
    caught(() => list.revoke(entry(index, `${address}/other`))),
    caught(() => list.suspend(entry(0, address))),
  ])
}

test('no failing path lets out an address, an index, a claim or what the network said', async () => {
  const results = await failing()
  expect(results.length).toBe(18)
  for (const result of results) {
    const text = everythingIn(result)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(String(index))
  }
})
