import { sdJwtVc } from '@asoba/sd-jwt'
import type { QueryInput } from '@asoba/verifier'
import { createWallet } from '@asoba/wallet'
import { describe, expect, test } from 'vitest'
import { residency } from '../../../verifier/test/nation.ts'
import type { LinkInput } from '../../src/verifier.ts'
import type { PresentationClientOptions } from '../../src/wallet.ts'
import {
  answer,
  certifiedRegistry,
  citizen,
  citizensWallet,
  clinicOnTheWeb,
  codeIn,
  codes,
  now,
  query,
} from './world.ts'

const same = { flow: 'same-device', query } as const
const [citizenQuery] = query.credentials
if (citizenQuery === undefined) throw new Error('the query asks for nothing')

/** Asks, answers, collects. */
async function asked(input: Partial<LinkInput>, change: Partial<PresentationClientOptions> = {}) {
  const { server } = await clinicOnTheWeb()
  const { link, transaction } = await server.begin({ ...same, ...input })
  const { client } = await citizen(server, change)
  const reading = await client.readRequest(link)
  if (!reading.verified) return { problems: codes(reading) }
  const [match] = await client.match(reading.incoming)
  if (match === undefined) return { incoming: reading.incoming, match }
  const sent = await client.respond(reading.incoming, match)
  const collected = await server.collect({ transaction, responseCode: codeIn(sent) })
  return { incoming: reading.incoming, match, collected }
}

describe('a transaction', () => {
  const payment = { type: 'payment', credential_ids: ['citizen'], amount: '7.00', to: 'Клініка' }

  test('is shown to the holder, and authorised by the answer', async () => {
    for (const extra of [{}, { transaction_data_hashes_alg: ['sha-512', 'sha-256'] }]) {
      const transaction = { ...payment, ...extra }
      const { incoming, collected } = await asked({ transactionData: [transaction] })
      expect(incoming?.transactions).toEqual([transaction])
      expect(collected).toMatchObject({ status: 'answered', result: { verified: true } })
    }
  })

  test('that the holder did not see is not accepted as authorised', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin({ ...same, transactionData: [payment] })
    const { client } = await citizen(server)
    const reading = await client.readRequest(link)
    if (!reading.verified) throw new Error('refused')
    const { transactionData: _, ...request } = reading.incoming.request
    const incoming = { ...reading.incoming, request }
    const [match] = await client.match(incoming)
    if (match === undefined) throw new Error('no match')
    const sent = await client.respond(incoming, match)
    const collected = await server.collect({ transaction, responseCode: codeIn(sent) })
    expect(collected.status === 'answered' && codes(collected.result)).toEqual([
      'holder.transaction-mismatch',
    ])
  })

  test('of a type that the wallet cannot show is refused, whatever else is right', async () => {
    const other = { ...payment, type: 'deed' }
    for (const transactionData of [[other], [payment, other]]) {
      expect(await asked({ transactionData })).toEqual({
        problems: ['request.transaction-unknown'],
      })
    }
    expect(await asked({ transactionData: [payment] }, { transactionTypes: [] })).toEqual({
      problems: ['request.transaction-unknown'],
    })
  })

  test('that is not as its type says is refused', async () => {
    const type = {
      type: 'payment',
      accepts: ({ amount, ...rest }: object & { amount?: unknown }) =>
        /^\d+\.\d\d$/.test(String(amount)) && !('fee' in rest),
    }
    const change = { transactionTypes: [type] }
    expect(await asked({ transactionData: [payment] }, change)).toMatchObject({
      collected: { result: { verified: true } },
    })
    for (const wrong of [
      { ...payment, fee: '1' },
      { ...payment, amount: 7 },
    ]) {
      expect(await asked({ transactionData: [wrong] }, change)).toEqual({
        problems: ['request.transaction-unknown'],
      })
    }
    const throwing = {
      type: 'payment',
      accepts: () => {
        throw new Error('a fault of the type')
      },
    }
    expect(await asked({ transactionData: [payment] }, { transactionTypes: [throwing] })).toEqual({
      problems: ['request.transaction-unknown'],
    })
  })

  test('is not asked for where no credential could authorise it', async () => {
    const { server } = await clinicOnTheWeb()
    const unbound = {
      credentials: [{ ...citizenQuery, require_cryptographic_holder_binding: false }],
    }
    const wrong = [
      { ...same, transactionData: [{ ...payment, credential_ids: ['other'] }] },
      { ...same, transactionData: [{ ...payment, credential_ids: [] }] },
      { ...same, transactionData: [{ ...payment, type: '' }] },
      { ...same, transactionData: [{ ...payment, transaction_data_hashes_alg: ['sha-512'] }] },
      { ...same, query: unbound as QueryInput, transactionData: [payment] },
    ]
    for (const input of wrong) await expect(server.begin(input)).rejects.toThrow(TypeError)
  })
})

describe('verifier_info', () => {
  const info = { format: 'jwt', data: 'e30.e30.AA', credential_ids: ['citizen'] }

  test('comes to the wallet as it was given, and is not believed', async () => {
    const { incoming, collected } = await asked({ verifierInfo: [info] })
    expect(incoming?.verifierInfo).toEqual([info])
    expect(collected).toMatchObject({ result: { verified: true } })
  })

  test('is about something that is asked for', async () => {
    const { server } = await clinicOnTheWeb()
    for (const wrong of [
      { ...info, credential_ids: ['other'] },
      { ...info, credential_ids: [] },
      { ...info, format: '' },
      { ...info, data: '' },
    ]) {
      const begin = server.begin({ ...same, verifierInfo: [wrong] })
      await expect(begin).rejects.toThrow(TypeError)
    }
  })
})

describe('a query', () => {
  const resident = {
    id: 'resident',
    format: 'dc+sd-jwt',
    meta: { vct_values: [residency.vct] },
  }

  test('for one of several credentials is answered by the one that there is', async () => {
    const sets: QueryInput = {
      credentials: [citizenQuery, resident],
      credential_sets: [{ options: [['resident'], ['citizen']], purpose: 'Прыём' }],
    }
    const { match, collected } = await asked({ query: sets })
    expect(match?.answers.map((each) => each.query)).toEqual(['citizen'])
    expect(collected).toMatchObject({ result: { verified: true, claims: { citizen: {} } } })
  })

  test('for something that there is not is answered by nothing', async () => {
    const both = await asked({ query: { credentials: [citizenQuery, resident] } })
    expect(both.match).toBe(undefined)
    const claims = [{ path: ['citizen'] }, { path: ['no_such_claim'] }]
    const missing = await asked({ query: { credentials: [{ ...citizenQuery, claims }] } })
    expect(missing.match).toBe(undefined)
  })

  test('for several of one kind is given as a list', async () => {
    const several = { credentials: [{ ...citizenQuery, multiple: true }] }
    const { collected } = await asked({ query: several })
    expect(collected).toMatchObject({
      result: { verified: true, claims: { citizen: [{ citizen: true }] } },
    })
  })

  test('without claims tells what every presentation tells, and no more', async () => {
    const { claims: _, ...whole } = citizenQuery
    const { match, collected } = await asked({ query: { credentials: [whole] } })
    expect(match?.disclosed).toEqual([])
    expect(collected).toMatchObject({ result: { verified: true } })
    const told = collected?.status === 'answered' && JSON.stringify(collected.result)
    expect(told).not.toContain('given_name')
  })

  test('by trusted_authorities is answered by what comes under them', async () => {
    const { url, registry: certified, verifier } = await certifiedRegistry()
    const { server } = await clinicOnTheWeb({ verifier })
    const { link, transaction } = await server.begin(same)

    const wallet = createWallet({ formats: [sdJwtVc()], now: () => now })
    const [own] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    const issued = await certified.issue({
      issuer: url,
      status: undefined,
      ...(own && { holder: own }),
    })
    await wallet.receive(issued.wire)
    const { client } = await citizen(server, { wallet })
    const reading = await client.readRequest(link)
    if (!reading.verified) throw new Error('refused')
    expect(reading.incoming.request.query).toMatchObject({
      credentials: [{ trusted_authorities: [{ type: 'aki', values: [expect.any(String)] }] }],
    })
    const responseCode = codeIn(await answer(client, link))
    expect(await server.collect({ transaction, responseCode })).toMatchObject({
      result: { verified: true },
    })
    const elsewhere = await citizen(server, { wallet: await citizensWallet() })
    const again = await elsewhere.client.readRequest((await server.begin(same)).link)
    if (!again.verified) throw new Error('refused')
    expect(await elsewhere.client.match(again.incoming)).toEqual([])
  })

  test('that is not the one of the transaction gives nothing', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const { client } = await citizen(server)
    const responseCode = codeIn(await answer(client, link))
    const other = { credentials: [{ ...citizenQuery, id: 'other' }] }
    const collected = await server.collect({ transaction, responseCode, query: other })
    expect(collected.status === 'answered' && codes(collected.result)).toContain(
      'request.state-invalid',
    )
  })
})
