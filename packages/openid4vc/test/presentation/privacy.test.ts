import { everythingIn } from '@asoba/testing'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { secret } from '../../../verifier/test/nation.ts'
import type { Collected } from '../../src/verifier.ts'
import {
  clientId,
  holder,
  host,
  linkWith,
  parametersWith,
  readingOf,
  requestObject,
  requestUri,
  serving,
} from './by-hand.ts'
import { answer, citizen, citizensWallet, clinicOnTheWeb, codeIn, fetchOf, query } from './world.ts'

// No refusal, no error and nothing that is kept lets out a claim value, a token or a key.
const planted = 'Planted0Secret0Of0Somebody'
const origin = `https://${host}`
const [asked] = query.credentials
if (asked === undefined) throw new Error('the query asks for nothing')
const nameQuery = { credentials: [{ ...asked, claims: [{ path: ['given_name'] }] }] }

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
let consoles: readonly MockInstance[] = []
beforeEach(() => {
  consoles = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => undefined))
})
afterEach(() => {
  for (const each of consoles) {
    expect(each).not.toHaveBeenCalled()
    each.mockRestore()
  }
})

const silent = (value: unknown, ...words: readonly string[]): void => {
  const text = everythingIn(value)
  for (const word of [secret, planted, ...words]) expect(text).not.toContain(word)
}
const thrown = async (run: () => unknown): Promise<unknown> => {
  try {
    return await run()
  } catch (error) {
    return error
  }
}
/** The parts of tokens that tell one from another. */
const tellingPartsOf = (token: string): readonly string[] =>
  token.split(/[~.]/).flatMap((part) => (part.length > 24 ? [part.slice(6, 30)] : []))

describe('a verifier', () => {
  test('keeps nothing that says anything about anybody', async () => {
    for (const encrypted of [true, false]) {
      const kept: string[] = []
      const { server, options } = await clinicOnTheWeb()
      const { put } = options.responses
      Object.assign(options.responses, {
        put: (id: string, text: string, expires: Date) => {
          kept.push(id, text)
          return put(id, text, expires)
        },
      })
      const input = { flow: 'same-device', query: nameQuery, encrypted } as const
      const { link, transaction } = await server.begin(input)
      const { client, sent } = await citizen(server)
      const responseCode = codeIn(await answer(client, link))
      const collected = await server.collect({ transaction, responseCode })
      expect(everythingIn(collected)).toContain(secret)
      const posted = new URLSearchParams(sent.at(-1)?.body)
      const shown = encrypted ? '' : (posted.get('vp_token') ?? '')
      silent(kept, responseCode, ...tellingPartsOf(shown))
      expect(kept.join()).not.toContain('"d"')
    }
  })

  test('says nothing of what was sent where it refuses it', async () => {
    const { server } = await clinicOnTheWeb()
    const { request, transaction } = await server.begin({
      flow: 'dc-api',
      query: nameQuery,
      encrypted: false,
    })
    const { client } = await citizen(server)
    const sent = await answer(client, { origin, requests: [request] })
    const data = (sent.kind === 'dc-api' ? sent.data : {}) as { vp_token: { citizen: string[] } }
    const wire = data.vp_token.citizen[0] ?? ''
    const parts = wire.split('~')
    const wrong: readonly unknown[] = [
      { vp_token: { citizen: [wire, wire] } },
      { vp_token: { citizen: [wire], [planted]: [wire] } },
      { vp_token: { citizen: [`${wire.slice(0, -4)}AAAA`] } },
      { vp_token: { citizen: [parts.toReversed().join('~')] } },
      { vp_token: { citizen: [planted, { [planted]: planted }] } },
      { response: `${planted}.${wire}` },
      { error: planted, vp_token: wire },
      { vp_token: planted, state: planted },
    ]
    for (const response of wrong) {
      const collected: Collected = await server.collect({ transaction, response })
      expect(collected).not.toMatchObject({ result: { verified: true } })
      silent(collected, ...tellingPartsOf(wire))
    }
  })

  test('tells wallets nothing but what they must do', async () => {
    const { server } = await clinicOnTheWeb()
    const { fetch } = fetchOf(server)
    const { link } = await server.begin({ flow: 'same-device', query })
    const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
    const to = parameters.get('request_uri') ?? ''
    const forms = [
      { response: planted },
      { vp_token: planted },
      { error: planted, error_description: planted, state: planted },
    ]
    for (const form of forms) {
      const body = new URLSearchParams(form)
      const response = await fetch(to.replace('/request/', '/response/'), { method: 'POST', body })
      silent([await response.text(), [...response.headers]])
    }
    const body = new URLSearchParams({ wallet_metadata: planted })
    silent(await (await fetch(to, { method: 'POST', body })).text())
  })

  test('keeps of a no the code alone', async () => {
    const { server, options } = await clinicOnTheWeb()
    const kept: string[] = []
    const { put } = options.responses
    Object.assign(options.responses, {
      put: (id: string, text: string, expires: Date) => {
        kept.push(text)
        return put(id, text, expires)
      },
    })
    const { link } = await server.begin({ flow: 'same-device', query })
    const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
    const to = parameters.get('request_uri') ?? ''
    const body = new URLSearchParams({ error: planted, error_description: planted })
    const { fetch } = fetchOf(server)
    const response = await fetch(to.replace('/request/', '/response/'), { method: 'POST', body })
    expect(response.status).toBe(200)
    silent(kept.slice(1))
    expect(kept[1]).toContain('"error":"invalid_request"')
  })

  test('says nothing of its store or signer where they fail', async () => {
    const fault = async (): Promise<never> => {
      throw new Error(planted)
    }
    const { server } = await clinicOnTheWeb({ responses: { put: fault, get: fault, take: fault } })
    const { fetch } = fetchOf(server)
    const response = await fetch(`https://${host}/openid4vp/request/${'A'.repeat(22)}`)
    expect(response.status).toBe(503)
    silent([await response.text(), [...response.headers]])
  })

  test('seals what the browser session holds', async () => {
    const { server } = await clinicOnTheWeb()
    const query = { credentials: [{ ...asked, id: planted }] }
    const { transaction } = await server.begin({ flow: 'same-device', query })
    silent([transaction, atob(transaction.replace(/[-_.]/g, 'A').slice(0, 400))])
  })
})

describe('a wallet', () => {
  test('says nothing of a request where it refuses it', async () => {
    const changes = [
      { nonce: `${planted} ` },
      { state: `${planted} ` },
      { response_uri: `http://${planted}.example` },
      { response_uri: `https://${planted}.example` },
      { scope: planted },
      { dcql_query: { credentials: [{ id: planted }] } },
      { transaction_data: [btoa(JSON.stringify({ type: planted })).replace(/=+$/, '')] },
      { verifier_info: [{ [planted]: planted }] },
      { client_id: `${planted}:${planted}` },
      { aud: planted },
    ]
    for (const change of changes) {
      const { reading } = await readingOf(change)
      expect(reading.verified).toBe(false)
      silent('problems' in reading && reading.problems)
    }
    const { client } = await holder()
    for (const link of [planted, `openid4vp://?client_id=${planted}&request=${planted}`]) {
      silent(await client.readRequest(link))
    }
  })

  test('says nothing of its answer where that does not arrive', async () => {
    const object = await requestObject(parametersWith({ dcql_query: nameQuery }))
    for (const failing of [
      (): never => {
        throw new Error(planted)
      },
      () => new Response(planted, { status: 500 }),
    ]) {
      const { client, sent } = await holder({}, (url) =>
        url === requestUri ? serving(object)(url) : failing(),
      )
      const link = linkWith({ client_id: clientId, request_uri: requestUri })
      const error = await thrown(() => answer(client, link))
      expect(error).toMatchObject({ code: 'network.failed' })
      silent(error, ...tellingPartsOf(sent.at(-1)?.form.get('response') ?? ''))
    }
  })

  test('sends two verifiers nothing that they share', async () => {
    const { server } = await clinicOnTheWeb()
    const wallet = await citizensWallet(2)
    const { client, sent } = await citizen(server, { wallet })
    const marks: string[][] = []
    for (let round = 0; round < 2; round++) {
      const { link } = await server.begin({ flow: 'same-device', query, encrypted: false })
      await answer(client, link)
      const shown = JSON.parse(new URLSearchParams(sent.at(-1)?.body).get('vp_token') ?? '')
      const [credential = '', ...rest] = String(shown.citizen[0]).split('~')
      const binding = rest.pop() ?? ''
      const { cnf, status, _sd } = decodeJwt(credential) as Record<string, unknown>
      const { nonce, sd_hash } = decodeJwt(binding)
      const hashes = (_sd ?? []) as string[]
      const signatures = [credential, binding].map((token) => token.split('.')[2])
      const all = [cnf, status, nonce, sd_hash, ...signatures, ...rest, ...hashes]
      marks.push(all.map((mark) => JSON.stringify(mark)))
    }
    const [one = [], other = []] = marks
    expect(one.length).toBeGreaterThan(8)
    expect(one.filter((mark) => other.includes(mark))).toEqual([])
  })
})
