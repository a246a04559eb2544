import { AsobaError } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { bbs2023 } from '../../src/index.ts'
import { createRegistry, queryFor, shownBy, verifierOf } from './nation.ts'

const [one] = queryFor(['citizen']).credentials
if (one === undefined) throw new Error('the query asks for nothing')
const several = { credentials: [{ ...one, multiple: true }] }
const two = { credentials: [one, { ...one, id: 'again' }] }

describe('with pseudonyms', () => {
  const registry = createRegistry({ nyms: 1 })

  test('a holder counts once under one id, and two holders are two', async () => {
    const verifier = verifierOf(registry)
    const [alena, other] = [await registry.walletOf(), await registry.walletOf()]
    for (const [wallets, code] of [
      [[alena, other], undefined],
      [[alena, alena], 'presentation.duplicate'],
    ] as const) {
      const request = await verifier.request(several)
      const citizen = []
      for (const wallet of wallets) citizen.push(await shownBy(wallet, request))
      expect(citizen[0]).not.toEqual(citizen[1])
      const result = await verifier.verify({ vp_token: { citizen }, state: request.state }, request)
      expect(result.verified ? undefined : result.problems.map((each) => each.code)).toEqual(
        code && [code],
      )
    }
  })

  test('one credential answers two queries, with one pseudonym', async () => {
    const verifier = verifierOf(registry)
    const wallet = await registry.walletOf()
    const request = await verifier.request(two)
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing matches')
    const result = await verifier.verify(await wallet.present(request, match), request)
    expect(result.verified).toBe(true)
    const { citizen, again } = (result.verified ? result.pseudonyms : {}) as Record<string, string>
    expect(citizen).toMatch(/^[\w-]+$/)
    expect(again).toBe(citizen)
  })
})

describe('without pseudonyms', () => {
  const registry = createRegistry({ nyms: 0 })

  test('several are not asked for, since one holder could be all of them', async () => {
    const verifier = verifierOf(registry)
    const refused = await verifier.request(several).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(AsobaError)
    expect(refused).toMatchObject({ code: 'query.invalid', path: '/credentials/0/multiple' })
  })

  test('where another format could be meant, a second answer is refused', async () => {
    const counted = bbs2023({ ...createRegistry({ nyms: 1 }).profile, id: 'ldp_vc/other' })
    const formats = [bbs2023(registry.profile), { ...counted, recognises: () => false }]
    const verifier = verifierOf(registry, { formats })
    for (const wallets of [
      [await registry.walletOf()],
      [await registry.walletOf(), await registry.walletOf()],
    ]) {
      const request = await verifier.request(several)
      const citizen = []
      for (const wallet of wallets) citizen.push(await shownBy(wallet, request))
      const result = await verifier.verify({ vp_token: { citizen }, state: request.state }, request)
      expect(result.verified ? [] : result.problems.map((each) => each.code)).toEqual(
        wallets.length === 1 ? [] : ['presentation.duplicate'],
      )
    }
  })

  test('one credential answers two queries', async () => {
    const verifier = verifierOf(registry)
    const wallet = await registry.walletOf()
    const request = await verifier.request(two)
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing matches')
    const result = await verifier.verify(await wallet.present(request, match), request)
    expect(result.verified).toBe(true)
  })
})
